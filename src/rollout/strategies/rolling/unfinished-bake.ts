import type { ECSClient } from '@aws-sdk/client-ecs';
import type { RolloutRequest } from '../../../core/request.ts';
import { lastBake } from '../../../core/plan/rolling.ts';
import type { Clock } from '../../../core/time/clock.ts';
import { isRolling } from './ecs-rolling.ts';
import { newestDeployment, taskDefinitionOf } from '../../../aws/ecs/service-deployments.ts';
import type { ServiceFacts } from '../../traffic/service-facts.ts';

interface Baking {
  readonly service: ServiceFacts;
  readonly rollout: RolloutRequest;
  readonly clock: Clock;
  /** Of the release. */
  readonly taskDefinitionArn: string;
}

/**
 * The rolling update of this release that an earlier run began, and that nobody has watched to the end of its last bake; null: there
 * is none. It serves already, but how well is not known yet. Refusals in words.
 */
export async function unfinishedBake(
  ecs: ECSClient,
  { service, rollout, clock, taskDefinitionArn }: Baking,
): Promise<string | null> {
  if (service.rolling === null) return null;
  const newest = await newestDeployment(ecs, { cluster: service.clusterArn, name: service.name });
  if (newest?.status !== 'SUCCESSFUL' || !isRolling(newest.deploymentConfiguration)) return null;
  const until = (newest.finishedAt?.getTime() ?? 0) + lastBake(rollout);
  if (clock.now() >= until || (newest.sourceServiceRevisions ?? []).length === 0) return null;
  const isThis = (await taskDefinitionOf(ecs, newest)) === taskDefinitionArn;
  return isThis ? (newest.serviceDeploymentArn ?? null) : null;
}
