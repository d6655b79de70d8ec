import type { ServiceDeployment } from '@aws-sdk/client-ecs';
import { trafficOf } from '../strategies/paused/ecs-deployment-status.ts';
import { onTheWay } from '../strategies/rolling/ecs-rolling-status.ts';
import { isRolling } from '../strategies/rolling/ecs-rolling.ts';
import type { Traffic } from './traffic-mover.ts';

/** Where a deployment stands, whoever began it, as ECS describes it. Pure. */
export function standingOf(deployment: ServiceDeployment): Traffic {
  const isUnderWay = deployment.status !== 'SUCCESSFUL';
  return isUnderWay && isRolling(deployment.deploymentConfiguration)
    ? onTheWay(deployment)
    : trafficOf(deployment, null);
}

/** `at 30% (POST_PRODUCTION_TRAFFIC_SHIFT)`; of a rolling update no share of the requests is known. Pure. */
export function standingInWords({ split, percent, stage }: Traffic): string {
  return split === 'rolling' ? `in the middle of a rolling update (${stage})` : `at ${percent}% (${stage})`;
}
