import { createAncestry, type AskAncestry } from '../commands/deploy/commit-order/ancestry.ts';
import { deployOne } from '../commands/run/deploy-one.ts';
import { deploySeveral } from '../commands/run/deploy-several.ts';
import { resumeJobs, runJobs } from '../commands/run/run-jobs.ts';
import type { Request } from '../core/request.ts';
import { createTrail, resumeTrail } from '../core/trail/trail.ts';
import type { deployAction } from '../inputs/actions/deploy.ts';
import type { mainAction } from '../inputs/actions/main.ts';
import { deployRequests, notificationSettingsOf, requestFor } from '../inputs/assemble.ts';
import type { ParsedInputs } from '../inputs/rule.ts';
import { openNotifications } from '../report/notifications.ts';
import { openJobs } from './jobs.ts';
import { reportJob, reportServices } from './report.ts';
import type { Result } from './result.ts';
import type { ActionContext } from './runner.ts';

type Main = typeof mainAction;
type Deploy = typeof deployAction;

/** The main action: deploys a commit or an image to one service. */
export async function deployService(
  parsed: ParsedInputs<Main['definitions']>,
  context: ActionContext,
): Promise<Result<keyof Main['outputs']>> {
  const request = requestFor(parsed);
  const jobs = openJobs([request], context, createTrail);
  const others = openNotifications(notificationSettingsOf(parsed), context);
  const ports = { ...context, ancestry: ancestryFor(parsed, context) };
  await runJobs(jobs, { ...context, others }, () => deployOne(jobs[0]!, ports));
  return reportJob(jobs[0]!);
}

/**
 * The action deploy/. Each service has its own trail, which is created before the first service is
 * changed.
 */
export async function deployServices(
  parsed: ParsedInputs<Deploy['definitions']>,
  context: ActionContext,
): Promise<Result<keyof Deploy['outputs']>> {
  const requests = deployRequests(parsed);
  const jobs = openJobs(requests, context, createTrail);
  const others = openNotifications(notificationSettingsOf(parsed), context);
  const ports = { ...context, ancestry: ancestryFor(parsed, context) };
  await runJobs(jobs, { ...context, others }, () =>
    deploySeveral(jobs, ports, { parallel: parsed.values.parallel }),
  );
  return reportServices(jobs);
}

/** The post steps of both actions, for the services that have a trail. */
export async function finishDeploys(
  requests: readonly Request[],
  parsed: ParsedInputs<Main['definitions'] | Deploy['definitions']>,
  context: ActionContext,
) {
  const jobs = openJobs(requests, context, resumeTrail);
  await resumeJobs(
    jobs,
    { others: openNotifications(notificationSettingsOf(parsed), context) },
    async (unfinished) => {
      const { finishRelease } = await import('../commands/run/finish-rollback.ts');
      const clients = context.connect();
      await Promise.all(
        unfinished.map(({ trail, request }) => finishRelease(trail, request, { ...context, clients })),
      );
    },
  );
  return jobs;
}

function ancestryFor(
  parsed: ParsedInputs<Main['definitions'] | Deploy['definitions']>,
  { env, cancelled: stop }: ActionContext,
): AskAncestry {
  return createAncestry({ folder: parsed.workspace, env, token: notificationSettingsOf(parsed).token, stop });
}
