import type { ECSClient } from '@aws-sdk/client-ecs';
import { readDeploymentHistory } from '../../history/history.ts';
import { imageNamed } from './reference.ts';
import type { ServiceRef } from '../../../core/service-ref.ts';

/** So many releases a rollback may return to, be it after rollbacks that left some of them. */
const RELEASES = 5;
/** As far back as a rollback looks: so many deployments, whatever became of them. */
const MOST = 60;

/**
 * Digests of the images that a service served with last: newer ones may never have got that far, and what a rollback returns to may be
 * deregistered. Rejects with UserError.
 */
export async function servedLast(ecs: ECSClient, service: ServiceRef): Promise<readonly string[]> {
  const history = await readDeploymentHistory(ecs, service, MOST);
  const served = history
    .flatMap(({ status, from, to }) => [status === 'SUCCESSFUL' ? to : null, from])
    .filter((version) => version !== null);
  const releases = new Map(served.map((version) => [version.taskDefinitionArn, version]));
  return [...releases.values()]
    .slice(0, RELEASES)
    .flatMap(({ images }) => Object.values(images).flatMap((image) => imageNamed(image).digest ?? []));
}
