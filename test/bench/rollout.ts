/**
 * One good release with the default settings on a virtual clock, through the whole AWS SDK: its calls
 * of AWS, what its metrics cost, and its time beside the waits for evidence.
 */
import { MINUTE } from '../../src/core/time/clock.ts';
import type { Event } from '../../src/core/trail/event.ts';
import { playFleet } from '../simulation/fleet.ts';

export interface RolloutMeasured {
  readonly minutes: number;
  readonly calls: number;
  /** Calls of each operation, most first. */
  readonly operations: readonly (readonly [string, number])[];
  /** CloudWatch charges one cent for a thousand metrics. */
  readonly cents: number;
  /**
   * Time from the pushed image to 100% beside the waits at the steps, in relation to those waits.
   * Includes the time in which ECS starts tasks and shifts traffic.
   */
  readonly overhead: number;
}

export async function measureRollout(seed = 7): Promise<RolloutMeasured> {
  const played = await playFleet({ services: 1, seed, limits: null, noise: 0, rollout: {}, release: 'good' });
  const { calls, events, took } = played.members[0]!;
  const operations = new Map<string, number>();
  for (const { operation } of calls) operations.set(operation, (operations.get(operation) ?? 0) + 1);
  return {
    minutes: took / MINUTE,
    calls: calls.length,
    operations: [...operations].toSorted(([, a], [, b]) => b - a),
    cents: (events.findLast((event) => event.kind === 'evaluated')?.metricsAsked ?? 0) / 1_000,
    overhead: overheadOf(events),
  };
}

function overheadOf(events: readonly Event[]): number {
  const complete = events.find((event) => event.kind === 'step-started' && event.percent === 100)!.at;
  const waits = events.reduce(
    (sum, event) => sum + (event.kind === 'step-passed' && event.percent > 0 ? event.took : 0),
    0,
  );
  return (complete - events[0]!.at - waits) / waits;
}
