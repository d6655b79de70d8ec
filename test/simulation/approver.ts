// A simulated person who approves the waiting gates of a trial.
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { approve } from '../../src/commands/approval/approval.ts';
import { SECOND, sleep, type Milliseconds } from '../../src/core/time/clock.ts';
import { gateIn } from '../../src/rollout/traffic/gate-tag.ts';
import type { SimulatedAws } from '../support/simulated-aws.ts';

/**
 * Checks every 10 seconds whether a gate waits, and approves it `delay` after it was first seen, as
 * `ecs-ramp continue` does. Runs until `over` returns true.
 */
export async function approveAfter(
  delay: Milliseconds,
  { clock, bystander }: Pick<SimulatedAws, 'clock' | 'bystander'>,
  { over, approved }: { readonly over: () => boolean; readonly approved: (percent: number) => void },
): Promise<void> {
  const ecs = await bystander.ecs();
  const seen = new Map<string, number>();
  while (!over()) {
    const { services } = await ecs.send(
      new DescribeServicesCommand({ cluster: 'shop', services: ['web'], include: ['TAGS'] }),
    );
    const gate = gateIn(services?.[0]?.tags ?? []);
    if (gate?.says === 'waiting') {
      const { deployment, percent } = gate;
      const key = `${deployment} ${percent}`;
      const since = seen.get(key) ?? clock.now();
      seen.set(key, since);
      if (clock.now() - since >= delay) {
        // Before the call, because the rollout may read the approval before the call returns.
        approved(percent);
        await approve(
          { service: 'web', cluster: 'shop', step: percent },
          { ecs, clock, by: 'octocat' },
        ).catch(() => {});
      }
    }
    await sleep(clock, 10 * SECOND);
  }
}
