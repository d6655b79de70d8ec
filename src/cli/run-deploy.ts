import { sessionEndOf } from '../aws/credentials/session-end.ts';
import { InvalidInputs, inputIssue } from '../inputs/issue.ts';
import { requestFor } from '../inputs/assemble.ts';
import { secretsOf } from '../inputs/secrets.ts';
import type { Request } from '../core/request.ts';
import { identify } from '../core/run.ts';
import { createAncestry } from '../commands/deploy/commit-order/ancestry.ts';
import type { Trail } from '../core/trail/trail.ts';
import { inputsFromOptions } from './action-options.ts';
import type { CliContext } from './command.ts';
import { deployInputs } from './deploy-inputs.ts';
import { follow } from './follow.ts';
import {
  readNotificationSettings,
  type CliNotificationSettings,
  openCliNotifications,
} from './notification-options.ts';
import { createMasks, type Masks } from '../core/secrecy/masks.ts';
import { htmlFileOf } from './html-file.ts';
import { runJobs } from '../commands/run/run-jobs.ts';
import { deployOne } from '../commands/run/deploy-one.ts';

interface WholeJob extends Request {
  /** Hide the secrets in the options. */
  readonly masks: Masks;
  readonly elsewhere: CliNotificationSettings;
  /** Path of the HTML page with the summary; `null` for none. */
  readonly htmlFile: string | null;
}

/** The deployment that the command line describes. Rejects with InvalidInputs. */
export async function readDeployJob(args: readonly string[], context: CliContext): Promise<WholeJob> {
  const parsed = await inputsFromOptions(deployInputs, args, context);
  const request = requestFor(parsed);
  if (request.access.region !== null) {
    const isOfCheckout = request.image.kind === 'build';
    const told = await readNotificationSettings(parsed, { source: request.source, isOfCheckout }, context);
    const masks = createMasks(secretsOf(parsed));
    return { ...request, masks, elsewhere: told, htmlFile: htmlFileOf(parsed) };
  }
  const fix = 'set AWS_REGION, or give --aws-region';
  throw new InvalidInputs([inputIssue('--aws-region', { problem: 'no AWS region is set', fix })]);
}

/**
 * Deploys like the action and prints to `context`. Rolls back if the process receives SIGINT or
 * SIGTERM.
 */
export async function runDeployJob(
  request: Omit<WholeJob, 'htmlFile'>,
  trail: Trail,
  context: CliContext,
): Promise<void> {
  const { masks } = request;
  const { mask, masked } = masks;
  const print = await follow(trail, context, masked);
  const cancelled = context.cancellation();
  const run = identify(context.env);
  const others = openCliNotifications(request.elsewhere, context, { run, masks });
  const { env, telling } = request.elsewhere;
  const ancestry = createAncestry({ folder: context.cwd, env, token: telling.token, stop: cancelled });
  const job = { request, trail };
  await runJobs([job], { others, cancelled }, () =>
    deployOne(job, {
      connect: () => context.connect(request.access, mask),
      sessionEnd: sessionEndOf(request.access, context.env),
      docker: async () => (await import('../image/engine.ts')).connectDocker(context.env),
      clock: context.clock,
      ancestry,
      env: context.env,
      run,
      log: { say: print, group: print, endGroup() {} },
      mask,
      cancelled,
    }),
  );
}
