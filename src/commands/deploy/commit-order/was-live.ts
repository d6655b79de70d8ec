import type { ECSClient } from '@aws-sdk/client-ecs';
import { readReleases } from '../../../aws/ecs/releases.ts';
import { isSameCommit } from './commit-order.ts';
import type { ServiceRef } from '../../../core/service-ref.ts';

/** How many deployments to search. */
const MOST = 20;

/**
 * Whether one of the last 20 deployments deployed or replaced this commit. Rejects with UserError.
 */
export async function wasLive(ecs: ECSClient, service: ServiceRef, commit: string): Promise<boolean> {
  // Loaded on demand: only a re-run uses it.
  const { readDeploymentHistory: readHistory } = await import('../../history/history.ts');
  const history = await readHistory(ecs, service, MOST);
  const served = history.flatMap(({ status, from, to }) => [from, status === 'SUCCESSFUL' ? to : null]);
  const releases = await readReleases(
    ecs,
    served.flatMap((version) => version?.taskDefinitionArn ?? []),
  );
  return [...releases.values()].some((release) => isSameCommit(release.commit ?? '', commit));
}
