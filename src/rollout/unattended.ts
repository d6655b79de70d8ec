import { quantity } from '../core/quantity.ts';
import { MINUTE, type Milliseconds } from '../core/time/clock.ts';
import type { Traffic } from './traffic/traffic-mover.ts';
import type { StrategyWords } from './strategies/words.ts';

/**
 * What ECS does by itself when no run answers it any more, in words. `traffic` is the last observed
 * state; `null` when there was none.
 */
export function unattendedInWords(
  traffic: Traffic | null,
  patience: Milliseconds | null,
  { all }: Pick<StrategyWords, 'all'>,
): string {
  switch (traffic?.phase) {
    case 'paused':
      return `ECS rolls back by itself at ${new Date(traffic.pause!.until).toISOString()}, when its pause ends.`;
    case 'keeping-old':
    case 'cleaning-up':
    case 'done':
      return `${all} was on the new revision, and ECS ends the deployment by itself.`;
    case 'baking':
      return `${all} ran the new revision, and nothing watches the tasks any more.`;
    case 'rolling-back':
    case 'rolled-back':
      return 'ECS was rolling back, and finishes the rollback by itself.';
    default:
      if (patience === null) return ROLLS_ON;
      return `ECS rolls back by itself no later than ${quantity(Math.round(patience / MINUTE), 'minute')} after its next pause starts.`;
  }
}

const ROLLS_ON =
  'ECS continues its rolling update by itself: only its own circuit breaker and alarms, if the service has them, roll it back.';
