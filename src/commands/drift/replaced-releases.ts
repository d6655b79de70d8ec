import type { ECSClient, Service, ServiceDeployment } from '@aws-sdk/client-ecs';
import { tagsOf } from '../../aws/ecs/provenance.ts';
import { isReturn, readReleases, type Release } from '../../aws/ecs/releases.ts';
import { describeRevisions, listDeployments } from '../../aws/ecs/service-deployments.ts';
import { runningTaskDefinition, type Observed } from './observed.ts';
import { isRolloutOfOurs } from '../../rollout/strategies/paused/pause-hook.ts';

interface Known {
  /** By ARN: the current deployments of the services. */
  readonly deployments: ReadonlyMap<string | undefined, ServiceDeployment>;
  readonly versions: Observed['versions'];
  /** By ARN of the task definition. */
  readonly releases: ReadonlyMap<string, Release>;
  readonly onUnread: (error: unknown) => void;
}

/** How many of the newest deployments of a service are searched for the last release of ecs-ramp. */
const MOST = 10;

/**
 * The last release of ecs-ramp of each service that runs a task definition which was deployed
 * without ecs-ramp later, by the ARN of the service. What cannot be read is left out.
 */
export async function readReplacedReleases(
  ecs: ECSClient,
  services: readonly Service[],
  { deployments, versions, releases, onUnread }: Known,
): Promise<ReadonlyMap<string, Release>> {
  const found = new Map<string, Release>();
  const waiting = services.filter((service) => {
    const current = deployments.get(service.currentServiceDeployment);
    const release = releases.get(runningTaskDefinition(service, versions));
    return !current || !release || current.status !== 'SUCCESSFUL' || !isOurs(current, release);
  });
  const read = async (): Promise<void> => {
    for (let service = waiting.pop(); service !== undefined; service = waiting.pop()) {
      try {
        const last = await replacedReleaseOf(ecs, service, runningTaskDefinition(service, versions));
        if (last !== null) found.set(service.serviceArn ?? '', last);
      } catch (error) {
        onUnread(error);
      }
    }
  };
  await Promise.all(Array.from({ length: 5 }, read));
  return found;
}

/** `null` if the service runs its last release, or was never released by ecs-ramp. */
async function replacedReleaseOf(ecs: ECSClient, service: Service, running: string): Promise<Release | null> {
  const place = { cluster: service.clusterArn ?? '', name: service.serviceName ?? '' };
  const listed = await listDeployments(ecs, place, MOST);
  const succeeded = listed.filter(({ status }) => status === 'SUCCESSFUL');
  const revisions = await describeRevisions(
    ecs,
    succeeded.flatMap(({ targetServiceRevision }) => targetServiceRevision?.arn ?? []),
  );
  const byArn = new Map(revisions.map((revision) => [revision.serviceRevisionArn, revision.taskDefinition]));
  /** The newest release that is not certainly of ecs-ramp: another tool may deploy its revisions. */
  let tagged: Release | null = null;
  for (const deployment of succeeded) {
    const arn = byArn.get(deployment.targetServiceRevision?.arn);
    if (!arn) continue;
    const release = (await readReleases(ecs, [arn])).get(arn)!;
    if (isOurs(deployment, release)) return isReplaced(release, running, succeeded[0]!) ? release : null;
    if (tagsOf(release).length > 0) tagged ??= release;
  }
  return tagged !== null && isReplaced(tagged, running, succeeded[0]!) ? tagged : null;
}

function isReplaced(last: Release, running: string, newest: ServiceDeployment): boolean {
  if (last.taskDefinitionArn === running) return false;
  // A rolling update leaves no trace of its tool: this may be a rollback by ecs-ramp.
  const untagged = { ...last, returnTo: null, taskDefinitionArn: running };
  return !(isRolling(newest) && isReturn(last.taskDefinitionArn, untagged));
}

/** Whether ecs-ramp certainly made this deployment of this release. Pure. */
function isOurs(deployment: ServiceDeployment, release: Release): boolean {
  return (
    isRolloutOfOurs(deployment.deploymentConfiguration) ||
    (isRolling(deployment) && tagsOf(release).length > 0)
  );
}

function isRolling({ deploymentConfiguration }: ServiceDeployment): boolean {
  return (deploymentConfiguration?.strategy ?? 'ROLLING') === 'ROLLING';
}
