import type { deploy } from '../inputs/actions/deploy.ts';
import type { Asked } from '../inputs/rule.ts';
import { deployRequests } from '../inputs/inputs.ts';
import { secretsOf } from '../inputs/secrets.ts';
import { tellingOf } from '../inputs/assemble.ts';
import type { Request } from '../core/request.ts';
import { begin, type Job } from '../commands/run/run.ts';
import { carryOutAll, endOf } from '../commands/run/run-several.ts';
import { createAncestry } from '../commands/deploy/commit-order/ancestry.ts';
import { logLines } from '../report/log.ts';
import { createTrail, type Trail } from '../core/trail/trail.ts';
import type { Result } from './result.ts';
import { reportServices } from './report-services.ts';
import type { RunnerWorld } from './runner.ts';
import { tellOthers } from '../report/notifications.ts';
import { VERSION } from '../commands/run/version.ts';

type Deploy = typeof deploy;

/** What deploy/ does: each service has a trail of its own, which begins before any of them is touched. */
export async function deployServices(
  asked: Asked<Deploy['definitions']>,
  world: RunnerWorld,
): Promise<Result<keyof Deploy['outputs']>> {
  const { clock, cancelled, env, log } = world;
  const requests = deployRequests(asked);
  for (const secret of requests.flatMap(secretsOf)) world.mask(secret);
  const jobs: Job[] = requests.map((request) => {
    const trail = createTrail({ clock, file: request.eventsFile });
    logTrail(trail, request, { of: requests.length, say: log.say });
    return { request, trail };
  });
  const others = tellOthers(tellingOf(asked), world);
  for (const job of jobs) others.follow(job);
  for (const job of jobs) begin(job, { version: VERSION });
  cancelled.addEventListener('abort', () => {
    for (const job of jobs) {
      if (!endOf(job)) job.trail.tell({ kind: 'cancel-asked', signal: String(cancelled.reason) });
    }
  });
  const { token } = tellingOf(asked);
  const ancestry = createAncestry({ folder: asked.workspace, env, token, stop: cancelled });
  await carryOutAll(jobs, { ...world, ancestry }, { parallel: asked.values.parallel });
  await others.finish();
  return reportServices(jobs);
}

/** Every line says of which service it is, where there are several. */
export function logTrail(
  trail: Trail,
  { service }: Request,
  { of, say }: { readonly of: number; readonly say: (line: string) => void },
): void {
  trail.subscribe((event) => {
    for (const line of logLines(event)) say(of > 1 ? `${service} | ${line}` : line);
  });
}
