import { MINUTE, type Milliseconds } from '../core/time/clock.ts';
import type { Traffic } from './traffic/traffic-mover.ts';
import type { StrategyWords } from './strategies/words.ts';

/** What ECS does by itself when nobody asks or answers it any more, in words. `traffic`: as last seen; null: it never was. */
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
      return `${all} was of the new revision, and nobody watches them any more.`;
    case 'rolling-back':
    case 'rolled-back':
      return 'ECS was rolling back, and ends that by itself.';
    default:
      if (patience === null) return ROLLS_ON;
      return `ECS rolls back by itself at the latest ${Math.round(patience / MINUTE)} minutes after its next pause begins.`;
  }
}

const ROLLS_ON =
  'ECS goes on with its rolling update by itself: only its own circuit breaker and alarms, where the service has them, undo it.';
