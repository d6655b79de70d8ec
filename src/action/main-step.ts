import * as core from '@actions/core';
import type { Definitions } from '../inputs/definition.ts';
import { withProfileRegion } from '../aws/credentials/profile-region.ts';
import { accessOf } from '../inputs/assemble.ts';
import type { Action } from '../inputs/action.ts';
import type { ParsedInputs } from '../inputs/rule.ts';
import { InvalidInputs } from '../inputs/issue.ts';
import { readInputs } from '../inputs/check.ts';
import { secretsOf } from '../inputs/secrets.ts';
import { useProxies } from '../core/proxy.ts';
import { withoutSecrets } from '../core/secrecy/secret-text.ts';
import { escaped } from '../report/markdown.ts';
import { cancellation, endProcess } from '../commands/run/cancellation.ts';
import { failWith, reportInvalidInputs } from './report-failure.ts';
import { type Result, reportToRunner } from './result.ts';
import { summarize } from './runner-files.ts';
import { actionContext, type ActionContext } from './runner.ts';
import { saveBegun, saveFinished } from './state.ts';
import { unlessCancelled } from '../core/time/unless-cancelled.ts';
import { problemsOf, bugReport, UserError } from '../core/failure.ts';

/**
 * The main step of an action: reads the inputs, does the work and reports the result. Never
 * rejects. `work` may reject with InvalidInputs, UserError or other errors: each cause becomes an
 * annotation, and every output is set.
 */
export async function runMainStep<D extends Definitions, Output extends string>(
  action: Action<D, Output>,
  work: (parsed: ParsedInputs<D>, context: ActionContext) => Promise<Result<Output>>,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  // Actions with a post step have trails, which report the cancellation.
  const hasPost = action.post !== null;
  const cancelled = cancellation(
    (name) => !hasPost && core.info(`${name} received: the job is cancelled`),
    (error) => !hasPost && core.error(bugReport(error), { title: action.title }),
  );
  let masked = withoutSecrets;
  try {
    const env = await withProfileRegion(environment);
    const warning = useProxies(env);
    if (warning !== null) core.warning(warning);
    const parsed = await readInputs(action, { env, workspace: env['GITHUB_WORKSPACE'] ?? process.cwd() });
    const context = actionContext({ env, access: accessOf(parsed), cancelled });
    masked = context.masked;
    for (const secret of secretsOf(parsed)) context.mask(secret);
    if (hasPost) saveBegun(context.run.id);
    // An action with a post step changes production, and ends it in order.
    const does = () => work(parsed, context);
    reportToRunner(await (hasPost ? does() : unlessCancelled(does, context)), masked);
  } catch (error) {
    if (error instanceof InvalidInputs) reportInvalidInputs(action, error);
    else reportCauses(action, error, { cancelled, masked });
  }
  if (hasPost) saveFinished();
  if (cancelled.aborted) endProcess();
}

/** After a cancellation, the cancellation is the cause, unless the error is a UserError. */
function reportCauses(
  action: Pick<Action, 'title' | 'outputs'>,
  error: unknown,
  { cancelled, masked }: { readonly cancelled: AbortSignal; readonly masked: (text: string) => string },
): void {
  const causes =
    cancelled.aborted && !(error instanceof UserError)
      ? [`The job was cancelled (${cancelled.reason}).`]
      : problemsOf(error).map(masked);
  for (const cause of causes) core.error(cause, { title: action.title });
  summarize(
    `## ❌ ${action.title} failed\n\n${causes.map((cause) => `- ${escaped(cause, 2_000)}`).join('\n')}\n`,
  );
  failWith(action, causes.length === 1 ? causes[0]! : `${causes.length} problems were found.`);
}
