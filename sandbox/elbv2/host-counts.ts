import { SECOND } from '../../src/core/time/clock.ts';
import type { MetricSink } from '../ports.ts';
import { metricDimensions } from './metric-dimensions.ts';
import { loadBalancerUsing } from './world.ts';
import type { World } from './world.ts';

const EVERY = 10 * SECOND;

/**
 * Publishes HealthyHostCount and UnHealthyHostCount of every target group in use. @returns a
 * function that stops it.
 */
export function countHosts(world: World, metrics: MetricSink): () => void {
  function count(): void {
    for (const { arn, targets } of world.targetGroups.values()) {
      const loadBalancerArn = loadBalancerUsing(world, arn);
      if (loadBalancerArn === null) continue;
      const dimensions = [metricDimensions(loadBalancerArn, arn)];
      for (const [metric, state] of [
        ['HealthyHostCount', 'healthy'],
        ['UnHealthyHostCount', 'unhealthy'],
      ] as const) {
        const value = [...targets.values()].filter((target) => target.state === state).length;
        metrics.record({
          namespace: 'AWS/ApplicationELB',
          metric,
          dimensions,
          at: world.clock.now(),
          value,
          unit: 'Count',
        });
      }
    }
    cancel = world.clock.after(EVERY, count);
  }
  let cancel = world.clock.after(EVERY, count);
  return () => cancel();
}
