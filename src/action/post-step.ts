import { withProfileRegion } from '../aws/credentials/profile-region.ts';
import { existsSync } from 'node:fs';
import type { Request, RollbackRequest } from '../core/request.ts';
import type { Action } from '../inputs/action.ts';
import { accessOf } from '../inputs/assemble.ts';
import type { Definitions } from '../inputs/definition.ts';
import type { KnownInputs } from '../inputs/definitions.ts';
import { readInputs } from '../inputs/check.ts';
import { secretsOf } from '../inputs/secrets.ts';
import { useProxies } from '../core/proxy.ts';
import type { ParsedInputs } from '../inputs/rule.ts';
import { failWith } from './report-failure.ts';
import { type Result, reportToRunner } from './result.ts';
import { actionContext, type ActionContext } from './runner.ts';
import { readState } from './state.ts';

interface PostStep<D extends Definitions, R, Output extends string> {
  readonly requestsOf: (parsed: ParsedInputs<D>) => readonly R[];
  /** The message if the main step died before it started any job. */
  readonly nothingBegan: string;
  readonly finish: (
    requests: readonly R[],
    parsed: ParsedInputs<D>,
    context: ActionContext,
  ) => Promise<Result<Output>>;
}

/**
 * The post step of an action: finishes the work of a main step that was killed. Otherwise does
 * nothing.
 */
export async function runPostStep<
  D extends Definitions & Pick<KnownInputs, 'aws-region'>,
  R extends Request | RollbackRequest,
  Output extends string,
>(
  action: Action<D, Output>,
  { requestsOf, nothingBegan, finish }: PostStep<D, R, Output>,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const state = readState();
  if (state === null || state.finished) return;
  // A closed log must not stop the step.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
  const env = await withProfileRegion(environment);
  useProxies(env);
  const parsed = await readInputs(action, { env, workspace: env['GITHUB_WORKSPACE'] ?? process.cwd() });
  const requests = requestsOf(parsed).filter(({ eventsFile }) => existsSync(eventsFile));
  if (requests.length === 0) return failWith(action, nothingBegan);
  const context = actionContext({ env, access: accessOf(parsed), run: state.run });
  for (const secret of secretsOf(parsed)) context.mask(secret);
  reportToRunner(await finish(requests, parsed, context), context.masked);
}
