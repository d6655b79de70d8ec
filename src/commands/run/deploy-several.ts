import { taskDefinitionParts } from '../../core/arn.ts';
import type { Preparation, PreparedRelease } from '../../aws/task-definition/task-definition.ts';
import type { ServiceFacts } from '../../rollout/traffic/service-facts.ts';
import { endOf, isLive } from '../../core/trail/outcome.ts';
import { deployOne, type JobContext } from './deploy-one.ts';
import { failureOf, finishJob, type Job } from './job.ts';
import { unlessCancelled } from '../../core/time/unless-cancelled.ts';
import { UserError } from '../../core/failure.ts';

/**
 * Deploys one image to several services. Checks all services first, then registers one task
 * definition revision for all. If sequential, stops after the first failure. Each trail ends with
 * the outcome. Never rejects.
 */
export async function deploySeveral(
  jobs: readonly Job[],
  ports: JobContext,
  { parallel }: { readonly parallel: boolean },
): Promise<void> {
  const image = await checkAll(jobs, ports);
  if (image === null) return;
  const release = registerOnce();
  const start = async ({ request, trail }: Job): Promise<void> => {
    await deployOne({ trail, request: { ...request, image } }, { ...ports, release });
  };
  if (parallel) {
    await Promise.all(jobs.map(start));
    return;
  }
  let failed: string | null = null;
  for (const job of jobs) {
    if (ports.cancelled.aborted) failed = `The job was cancelled (${ports.cancelled.reason}).`;
    if (failed !== null) {
      notStarted(job, failed);
      continue;
    }
    await start(job);
    const outcome = endOf(job.trail)?.outcome;
    if (!isLive(outcome)) failed = `${job.request.service} was deployed first, with outcome ${outcome}.`;
  }
}

/** The image by digest; `null` if a service is not ready: then all trails are ended. */
async function checkAll(
  jobs: readonly Job[],
  ports: JobContext,
): Promise<{ readonly kind: 'given'; readonly reference: string } | null> {
  const began = ports.clock.now();
  const [first] = jobs;
  if (first === undefined) return null;
  try {
    const clients = ports.connect();
    const { createGuard: guardOf, inspectService: look } = await import('../deploy/inspect.ts');
    // The deployment of each service reports its notices.
    const quiet = { clients, clock: ports.clock, ancestry: ports.ancestry, tell() {} };
    const looked = await unlessCancelled(
      () =>
        Promise.allSettled(
          jobs.map(async ({ request }) => look(request, { ...quiet, guard: await guardOf(request, quiet) })),
        ),
      ports,
    );
    const refused = jobs.filter((_, index) => looked[index]?.status === 'rejected');
    for (const [index, job] of jobs.entries()) {
      const result = looked[index];
      if (result?.status === 'rejected') {
        finishJob(job.trail, failureOf(job.trail, result.reason), ports.clock.now() - began);
      } else if (refused.length > 0) {
        const names = refused.map(({ request }) => request.service).join(', ');
        notStarted(job, `${names} cannot be deployed.`);
      }
    }
    if (refused.length > 0) return null;
    const found = looked.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    checkFamilies(first.request.taskDefinition.file, found);
    const { chooseImage } = await import('../deploy/choose-image.ts');
    const tell = first.trail.tell.bind(first.trail);
    const reference = await unlessCancelled(
      () => chooseImage(first.request, { ...ports, clients, tell }),
      ports,
    );
    return { kind: 'given', reference };
  } catch (error) {
    const failure = failureOf(first.trail, error);
    for (const { trail } of jobs) finishJob(trail, failure, ports.clock.now() - began);
    return null;
  }
}

/** Throws if the services use different families, because all get one revision. */
function checkFamilies(
  file: string | null,
  services: readonly Pick<ServiceFacts, 'name' | 'taskDefinitionArn'>[],
): void {
  if (file !== null || new Set(services.map(familyOf)).size === 1) return;
  const families = services.map((service) => `${service.name} runs ${familyOf(service)}`).join(', ');
  throw new UserError(
    `The services run different task definitions (${families}), and all of them would get the one of the first service. Set task-definition, or deploy them in separate steps.`,
  );
}

function familyOf({ taskDefinitionArn }: Pick<ServiceFacts, 'taskDefinitionArn'>): string {
  return taskDefinitionParts(taskDefinitionArn).family;
}

function notStarted({ trail }: Job, why: string): void {
  finishJob(trail, { outcome: 'failed', reason: `Not started: ${why}` }, 0);
}

/** The first call registers the revision; the others reuse it. */
function registerOnce(): (preparation: Preparation) => Promise<PreparedRelease> {
  let first: Promise<PreparedRelease> | undefined;
  return async (preparation) => {
    const { prepareTaskDefinition, shareTaskDefinition } =
      await import('../../aws/task-definition/task-definition.ts');
    if (first === undefined) return (first = prepareTaskDefinition(preparation));
    return shareTaskDefinition(await first, preparation);
  };
}
