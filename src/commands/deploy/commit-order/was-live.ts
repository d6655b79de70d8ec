import type { ECSClient } from '@aws-sdk/client-ecs';
import { readReleases } from '../../../aws/ecs/releases.ts';
import { isSameCommit } from './commit-order.ts';
import type { ServiceRef } from '../../../core/service-ref.ts';

/** As far back as one asks: so many deployments. */
const MOST = 20;

/** Whether one of the service's last twenty deployments took it to this commit, or away from it. Rejects with UserError. */
export async function wasLive(ecs: ECSClient, service: ServiceRef, commit: string): Promise<boolean> {
  // Only a re-run asks; a mistake in an input should not wait for AWS's code.
  const { readDeploymentHistory: readHistory } = await import('../../history/history.ts');
  const history = await readHistory(ecs, service, MOST);
  const served = history.flatMap(({ status, from, to }) => [from, status === 'SUCCESSFUL' ? to : null]);
  const releases = await readReleases(
    ecs,
    served.flatMap((version) => version?.taskDefinitionArn ?? []),
  );
  return [...releases.values()].some((release) => isSameCommit(release.commit ?? '', commit));
}
