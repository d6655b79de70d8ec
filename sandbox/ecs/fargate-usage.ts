import { MINUTE } from '../../src/core/time/clock.ts';
import type { MetricSink } from '../ports.ts';
import { fargateCpu } from './fargate.ts';
import type { World } from './world.ts';

/** Publishes the vCPUs that run on Fargate once a minute, as AWS/Usage. */
export function createFargateUsage(world: World, metrics: MetricSink): () => void {
  let last = -Infinity;
  return () => {
    const now = world.clock.now();
    if (Math.floor(now / MINUTE) === Math.floor(last / MINUTE)) return;
    last = now;
    for (const provider of ['OnDemand', 'Spot'] as const) {
      metrics.record({
        namespace: 'AWS/Usage',
        metric: 'ResourceCount',
        dimensions: [
          { Class: `Standard/${provider}`, Resource: 'vCPU', Service: 'Fargate', Type: 'Resource' },
        ],
        at: now,
        value: fargateCpu(world, provider) / 1024,
        unit: 'None',
      });
    }
  };
}
