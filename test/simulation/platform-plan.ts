// What happens underneath ECS in a trial.
import type { Milliseconds } from '../../src/core/time/clock.ts';

export interface PlatformPlan {
  readonly on: 'fargate' | 'instances' | 'scaled instances';
  readonly networkMode: 'awsvpc' | 'bridge';
  /** When there is room for the new tasks: from the start, after a time, or never (`Infinity`). */
  readonly roomAt: Milliseconds;
  readonly events: readonly PlatformEvent[];
}

export interface PlatformEvent {
  readonly kind:
    'drains' | 'ends' | 'Spot instance' | 'Spot tasks' | 'maintenance' | 'rebalances' | 'impaired';
  readonly at: Milliseconds;
  /** Until ECS notices the end of an instance. */
  readonly noticedAfter: Milliseconds;
  /** Selects what it happens to, from 0 to 1. */
  readonly choice: number;
}
