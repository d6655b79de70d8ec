import type { DeploymentRecord, ResolvedTargetGroup, World } from './world.ts';

/**
 * Gives the target revision `percent` of production traffic and the source the rest. Throws
 * AwsError when the balancer refuses.
 */
export function shiftProduction(world: World, deployment: DeploymentRecord, percent: number): void {
  for (const group of deployment.target.targetGroups) {
    shift(world, group.productionListenerRule, group, percent);
  }
  deployment.productionPercent = percent;
}

/** The same for the test listener rules, if there are any. */
export function shiftTest(world: World, deployment: DeploymentRecord, percent: number): void {
  for (const group of deployment.target.targetGroups)
    shift(world, group.testListenerRule, group, percent, 'addWeights');
  deployment.testPercent = percent;
}

function shift(
  world: World,
  rule: string | null,
  group: ResolvedTargetGroup,
  percent: number,
  how: 'setWeights' | 'addWeights' = 'setWeights',
): void {
  if (rule === null || group.otherTargetGroupArn === null) return;
  // Weights are integers up to 999. Tenths of a percent require a scale of 1000, which only 0 and
  // 100% exceed.
  const scale = Number.isInteger(percent) ? 1 : 10;
  const weight = Math.round(percent * scale);
  world.loadBalancing[how](
    rule,
    new Map([
      [group.targetGroupArn, weight],
      [group.otherTargetGroupArn, 100 * scale - weight],
    ]),
  );
}
