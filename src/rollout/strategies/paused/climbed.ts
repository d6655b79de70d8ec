import type { DescribedDeployment } from '../described-deployment.ts';
import type { ClimbedStep } from '../../traffic/traffic-mover.ts';
import { patienceOf } from './pause-hook.ts';

/**
 * The shares below 100% that a deployment has passed, from its answered pauses: ECS pauses after each
 * shift. Empty when ECS does not list them, or the service has pauses of its own. Pure.
 */
export function climbedSteps({
  deploymentConfiguration,
  lifecycleHookDetails = [],
}: DescribedDeployment): readonly ClimbedStep[] {
  const patience = patienceOf(deploymentConfiguration);
  const {
    strategy,
    linearConfiguration,
    canaryConfiguration,
    lifecycleHooks = [],
  } = deploymentConfiguration ?? {};
  const rollingBack = lifecycleHooks.filter(
    ({ targetType, timeoutConfiguration }) =>
      targetType === 'PAUSE' && timeoutConfiguration?.action !== 'CONTINUE',
  );
  if (patience === null || rollingBack.length !== 1) return [];
  const pauses = lifecycleHookDetails.flatMap(({ targetType, timeoutAction, expiresAt }) =>
    targetType === 'PAUSE' && timeoutAction !== 'CONTINUE' && expiresAt ? [expiresAt.getTime()] : [],
  );
  return pauses
    .sort((a, b) => a - b)
    .flatMap((until, index) => {
      const percent =
        strategy === 'CANARY'
          ? index * (canaryConfiguration?.canaryPercent ?? 100)
          : Math.round(index * (linearConfiguration?.stepPercent ?? 100) * 10) / 10;
      return percent > 0 && percent < 100 ? [{ percent, at: until - patience }] : [];
    });
}
