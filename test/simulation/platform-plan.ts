// What happens underneath ECS in a trial.
import type { Milliseconds } from '../../src/core/time/clock.ts';

export interface PlatformPlan {
  readonly on: 'fargate' | 'instances' | 'scaled instances';
  readonly networkMode: 'awsvpc' | 'bridge';
  /** When there is room for the new tasks: from the start, after a time, or never (`Infinity`). */
  readonly roomAt: Milliseconds;
  readonly events: readonly PlatformEvent[];
  /**
   * Target tracking by the requests of the production target group: its target as a multiple of what
   * each task has at the start. `null`: the service does not scale.
   */
  readonly scaling: number | null;
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
