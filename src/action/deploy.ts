import { createAncestry, type AskAncestry } from '../commands/deploy/commit-order/ancestry.ts';
import { deployOne } from '../commands/run/deploy-one.ts';
import { deploySeveral } from '../commands/run/deploy-several.ts';
import { resumeJobs, runJobs } from '../commands/run/run-jobs.ts';
import type { Request } from '../core/request.ts';
import { createTrail, resumeTrail } from '../core/trail/trail.ts';
import type { deploy } from '../inputs/actions/deploy.ts';
import type { main } from '../inputs/actions/main.ts';
import { tellingOf } from '../inputs/assemble.ts';
import { deployRequests, requestFor } from '../inputs/inputs.ts';
import type { Asked } from '../inputs/rule.ts';
import { secretsOf } from '../inputs/secrets.ts';
import { tellOthers } from '../report/notifications.ts';
import { openJobs } from './jobs.ts';
import { reportJob, reportServices } from './report.ts';
import type { Result } from './result.ts';
import type { RunnerWorld } from './runner.ts';

type Main = typeof main;
type Deploy = typeof deploy;

/** What the main action does: one service, from a commit or an image. */
export async function deployService(
  asked: Asked<Main['definitions']>,
  world: RunnerWorld,
): Promise<Result<keyof Main['outputs']>> {
  const request = requestFor(asked);
  for (const secret of secretsOf(request)) world.mask(secret);
  const jobs = openJobs([request], world, createTrail);
  const others = tellOthers(tellingOf(asked), world);
  const ports = { ...world, ancestry: ancestryFor(asked, world) };
  await runJobs(jobs, { ...world, others }, () => deployOne(jobs[0]!, ports));
  return reportJob(jobs[0]!);
}

/** What deploy/ does: each service has a trail of its own, which begins before any of them is touched. */
export async function deployServices(
  asked: Asked<Deploy['definitions']>,
  world: RunnerWorld,
): Promise<Result<keyof Deploy['outputs']>> {
  const requests = deployRequests(asked);
  for (const secret of requests.flatMap(secretsOf)) world.mask(secret);
  const jobs = openJobs(requests, world, createTrail);
  const others = tellOthers(tellingOf(asked), world);
  const ports = { ...world, ancestry: ancestryFor(asked, world) };
  await runJobs(jobs, { ...world, others }, () =>
    deploySeveral(jobs, ports, { parallel: asked.values.parallel }),
  );
  return reportServices(jobs);
}

/** What the post steps of both do, for the services whose trail has begun. */
export async function finishDeploys(
  requests: readonly Request[],
  asked: Asked<Main['definitions'] | Deploy['definitions']>,
  world: RunnerWorld,
) {
  const jobs = openJobs(requests, world, resumeTrail);
  await resumeJobs(jobs, { others: tellOthers(tellingOf(asked), world) }, async (unfinished) => {
    const { finishRollout } = await import('../commands/run/finish-rollout.ts');
    const clients = world.connect();
    await Promise.all(
      unfinished.map(({ trail, request }) => finishRollout(trail, request, { ...world, clients })),
    );
  });
  return jobs;
}

function ancestryFor(
  asked: Asked<Main['definitions'] | Deploy['definitions']>,
  { env, cancelled: stop }: RunnerWorld,
): AskAncestry {
  return createAncestry({ folder: asked.workspace, env, token: tellingOf(asked).token, stop });
}
