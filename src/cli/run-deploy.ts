import { sessionEndOf } from '../aws/credentials/session-end.ts';
import { InvalidInputs, mistake } from '../inputs/issue.ts';
import { requestFor } from '../inputs/inputs.ts';
import { secretsOf } from '../inputs/secrets.ts';
import type { Request } from '../core/request.ts';
// Not by the room's door: that brings AWS's code along, which a mistake in an input should not wait for.
import { identify } from '../core/run.ts';
import { createAncestry } from '../commands/deploy/commit-order/ancestry.ts';
import type { Trail } from '../core/trail/trail.ts';
import { askedByOptions } from './action-options.ts';
import type { World } from './command.ts';
import { whole } from './deploy-inputs.ts';
import { follow } from './follow.ts';
import { elsewhere, type Elsewhere, tellElsewhere } from './notification-options.ts';
import { createMasks } from './masks.ts';
import { pageOf } from './page.ts';
import { runJobs } from '../commands/run/run-jobs.ts';
import { deployOne } from '../commands/run/deploy-one.ts';

interface WholeJob extends Request {
  readonly elsewhere: Elsewhere;
  /** Where the summary is written as a page too; null: nowhere. */
  readonly htmlFile: string | null;
}

/** What the command line asks for. Rejects with InvalidInputs. */
export async function readJob(args: readonly string[], world: World): Promise<WholeJob> {
  const asked = await askedByOptions(whole, args, world);
  const request = requestFor(asked);
  if (request.access.region !== null) {
    const isOfCheckout = request.image.kind === 'build';
    const told = await elsewhere(asked, { source: request.source, isOfCheckout }, world);
    return { ...request, elsewhere: told, htmlFile: pageOf(asked) };
  }
  const fix = 'set AWS_REGION, or give --aws-region';
  throw new InvalidInputs([mistake('--aws-region', { problem: 'no AWS region is set', fix })]);
}

/** Carries it out as the action does, and tells it in `world`. Asked to end, it takes back what it began. */
export async function runJob(request: Omit<WholeJob, 'htmlFile'>, trail: Trail, world: World): Promise<void> {
  const masks = createMasks(secretsOf(request));
  const { mask, masked } = masks;
  const print = await follow(trail, world, masked);
  const cancelled = world.cancellation();
  const run = identify(world.env);
  const others = tellElsewhere(request.elsewhere, world, { run, masks });
  const { env, telling } = request.elsewhere;
  const ancestry = createAncestry({ folder: world.cwd, env, token: telling.token, stop: cancelled });
  const job = { request, trail };
  await runJobs([job], { others, cancelled }, () =>
    deployOne(job, {
      connect: () => world.connect(request.access, mask),
      sessionEnd: sessionEndOf(request.access, world.env),
      docker: async () => (await import('../image/engine.ts')).connectDocker(world.env),
      clock: world.clock,
      ancestry,
      env: world.env,
      run,
      log: { say: print, group: print, endGroup() {} },
      mask,
      cancelled,
    }),
  );
}
