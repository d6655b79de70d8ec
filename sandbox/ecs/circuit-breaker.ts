import { fail } from './outcome.ts';
import type { DeploymentRecord, World } from './world.ts';

/** The number of failed tasks that trips the circuit breaker. */
export function breakerThreshold(
  { deploymentCircuitBreaker }: DeploymentRecord['configuration'],
  desiredCount: number,
): number {
  const { type = 'BOUNDED_PERCENT', value = 50 } = deploymentCircuitBreaker.thresholdConfiguration ?? {};
  if (type === 'COUNT') return value;
  const share = Math.ceil((value / 100) * desiredCount);
  return type === 'BOUNDED_PERCENT' ? Math.min(Math.max(share, 3), 200) : Math.max(share, 1);
}

/** Whether so many tasks have failed, with the circuit breaker enabled or not. */
export function isTripped({ configuration, service, failureCount }: DeploymentRecord): boolean {
  return failureCount >= breakerThreshold(configuration, service.desiredCount);
}

/** Fails the deployment and returns true when too many of its tasks have failed. */
export function checkBreaker(world: World, deployment: DeploymentRecord): boolean {
  const { enable = false, rollback = false } = deployment.configuration.deploymentCircuitBreaker;
  if (!enable || !isTripped(deployment)) return false;
  const reason = rollback
    ? 'Service deployment rolled back because the circuit breaker threshold was exceeded.'
    : 'Service deployment failed because the circuit breaker threshold was exceeded.';
  fail(world, deployment, { reason, rollback });
  return true;
}
