import { lastBake } from './plan.ts';
import type { Unwatched } from '../strategy.ts';
import { newestDeployment, taskDefinitionOf } from '../../../aws/ecs/service-deployments.ts';

/**
 * The rolling update of this release that an earlier run started and did not watch to the end of
 * its last bake time; `null` when there is none. The new revision already serves, but its health is
 * not known yet. Rejects with UserError when AWS refuses.
 */
export async function unfinishedBake({
  ecs,
  service,
  rollout,
  clock,
  taskDefinitionArn,
}: Unwatched): Promise<string | null> {
  const newest = await newestDeployment(ecs, service);
  if (
    newest?.status !== 'SUCCESSFUL' ||
    (newest.deploymentConfiguration?.strategy ?? 'ROLLING') !== 'ROLLING'
  )
    return null;
  const until = (newest.finishedAt?.getTime() ?? 0) + lastBake(rollout);
  if (clock.now() >= until || (newest.sourceServiceRevisions ?? []).length === 0) return null;
  const isThis = (await taskDefinitionOf(ecs, newest)) === taskDefinitionArn;
  return isThis ? (newest.serviceDeploymentArn ?? null) : null;
}
