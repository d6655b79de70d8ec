import type { ServiceDeployment } from '@aws-sdk/client-ecs';
import { withNames } from '../../core/arn.ts';

/** Why a service deployment has its status, as ECS words it; `null` when ECS gives no reason. Pure. */
export function deploymentReason({
  rollback,
  statusReason,
}: Pick<ServiceDeployment, 'rollback' | 'statusReason'>): string | null {
  const reason = statusReason ?? rollback?.reason ?? null;
  return reason === null ? null : withNames(reason);
}
