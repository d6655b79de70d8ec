import { createAncestry, type AskAncestry } from '../commands/deploy/commit-order/ancestry.ts';
import { deployOne } from '../commands/run/deploy-one.ts';
import { deploySeveral } from '../commands/run/deploy-several.ts';
import { resumeJobs, runJobs } from '../commands/run/run-jobs.ts';
import type { Request } from '../core/request.ts';
import { createTrail, resumeTrail } from '../core/trail/trail.ts';
import type { deployAction } from '../inputs/actions/deploy.ts';
import type { mainAction } from '../inputs/actions/main.ts';
import { notificationSettingsOf } from '../inputs/assemble.ts';
import { deployRequests, requestFor } from '../inputs/inputs.ts';
import type { ParsedInputs } from '../inputs/rule.ts';
import { secretsOf } from '../inputs/secrets.ts';
import { openNotifications } from '../report/notifications.ts';
import { openJobs } from './jobs.ts';
import { reportJob, reportServices } from './report.ts';
import type { Result } from './result.ts';
import type { ActionContext } from './runner.ts';

type Main = typeof mainAction;
type Deploy = typeof deployAction;

/** What the main action does: one service, from a commit or an image. */
export async function deployService(
  asked: ParsedInputs<Main['definitions']>,
  world: ActionContext,
): Promise<Result<keyof Main['outputs']>> {
  const request = requestFor(asked);
  for (const secret of secretsOf(request)) world.mask(secret);
  const jobs = openJobs([request], world, createTrail);
  const others = openNotifications(notificationSettingsOf(asked), world);
  const ports = { ...world, ancestry: ancestryFor(asked, world) };
  await runJobs(jobs, { ...world, others }, () => deployOne(jobs[0]!, ports));
  return reportJob(jobs[0]!);
}

/** What deploy/ does: each service has a trail of its own, which begins before any of them is touched. */
export async function deployServices(
  asked: ParsedInputs<Deploy['definitions']>,
  world: ActionContext,
): Promise<Result<keyof Deploy['outputs']>> {
  const requests = deployRequests(asked);
  for (const secret of requests.flatMap(secretsOf)) world.mask(secret);
  const jobs = openJobs(requests, world, createTrail);
  const others = openNotifications(notificationSettingsOf(asked), world);
  const ports = { ...world, ancestry: ancestryFor(asked, world) };
  await runJobs(jobs, { ...world, others }, () =>
    deploySeveral(jobs, ports, { parallel: asked.values.parallel }),
  );
  return reportServices(jobs);
}

/** What the post steps of both do, for the services whose trail has begun. */
export async function finishDeploys(
  requests: readonly Request[],
  asked: ParsedInputs<Main['definitions'] | Deploy['definitions']>,
  world: ActionContext,
) {
  const jobs = openJobs(requests, world, resumeTrail);
  await resumeJobs(
    jobs,
    { others: openNotifications(notificationSettingsOf(asked), world) },
    async (unfinished) => {
      const { finishRollout } = await import('../commands/run/finish-rollout.ts');
      const clients = world.connect();
      await Promise.all(
        unfinished.map(({ trail, request }) => finishRollout(trail, request, { ...world, clients })),
      );
    },
  );
  return jobs;
}

function ancestryFor(
  asked: ParsedInputs<Main['definitions'] | Deploy['definitions']>,
  { env, cancelled: stop }: ActionContext,
): AskAncestry {
  return createAncestry({ folder: asked.workspace, env, token: notificationSettingsOf(asked).token, stop });
}
