import { duration } from '../inputs/types/duration.ts';
import { type InputType, shown, wrong } from '../inputs/types/input-type.ts';
import { HOUR, SECOND, type Clock } from '../core/time/clock.ts';

const DATE = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
const ago = duration({ from: 0, to: 455 * 24 * HOUR });

/** A time in milliseconds since 1970, at the clock of whoever asks. */
export type PointInTime = (clock: Clock) => number;

/** `2026-11-20T08:00Z`, `2026-11-20` (midnight, UTC), how long ago: `24h`, or `now`. */
export const pointInTime: InputType<PointInTime> = {
  allowed: 'a time such as 2026-11-20T08:00Z, a date, how long ago, such as 24h, or now',
  parse(given) {
    if (given === 'now') return { value: (clock) => clock.now() };
    if (DATE.test(given) || TIME.test(given)) {
      const at = Date.parse(given);
      return Number.isNaN(at)
        ? wrong(`${shown(given)} is not in the calendar`, 'write a day and an hour that exist')
        : { value: () => at };
    }
    if (/^\d{4}-\d\d-\d\dT[\d:.]+$/.test(given)) {
      return wrong(`${shown(given)} does not say which time zone is meant`, 'write it as 2026-11-20T08:00Z');
    }
    const length = ago.parse(given);
    if (!('value' in length))
      return wrong(`${shown(given)} is no time`, 'write 2026-11-20T08:00Z, 2026-11-20 or 24h');
    return { value: (clock) => Math.floor((clock.now() - length.value) / SECOND) * SECOND };
  },
};
