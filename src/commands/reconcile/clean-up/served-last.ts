import type { ECSClient } from '@aws-sdk/client-ecs';
import { readDeploymentHistory } from '../../history/history.ts';
import { imageNamed } from './reference.ts';
import type { ServiceRef } from '../../../core/service-ref.ts';

/** How many earlier releases to keep for rollbacks. */
const RELEASES = 5;
/** How many deployments to search, as a rollback does. */
const MOST = 60;

/**
 * Digests of the images of the last live releases of a service: newer images may never have been
 * live, and the task definition of a rollback's target may be deregistered. Rejects with UserError.
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
