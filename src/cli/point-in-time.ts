import { duration } from '../inputs/types/duration.ts';
import { type InputType, shown, wrong } from '../inputs/types/input-type.ts';
import { HOUR, SECOND, type Clock } from '../core/time/clock.ts';

const DATE = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
const ago = duration({ from: 0, to: 455 * 24 * HOUR });

/** A time in milliseconds since 1970, relative to the clock of the caller. */
export type PointInTime = (clock: Clock) => number;

/** `2026-11-20T08:00Z`, `2026-11-20` (midnight, UTC), an age such as `24h`, or `now`. */
export const pointInTime: InputType<PointInTime> = {
  allowed: 'a time such as 2026-11-20T08:00Z, a date, an age such as 24h, or now',
  parse(given) {
    if (given === 'now') return { value: (clock) => clock.now() };
    if (DATE.test(given) || TIME.test(given)) {
      const at = Date.parse(given);
      return Number.isNaN(at)
        ? wrong(`${shown(given)} does not exist in the calendar`, 'write an existing date and time')
        : { value: () => at };
    }
    if (/^\d{4}-\d\d-\d\dT[\d:.]+$/.test(given)) {
      return wrong(`${shown(given)} has no time zone`, 'write it as 2026-11-20T08:00Z');
    }
    const length = ago.parse(given);
    if (!('value' in length))
      return wrong(`${shown(given)} is not a time`, 'write 2026-11-20T08:00Z, 2026-11-20 or 24h');
    return { value: (clock) => Math.floor((clock.now() - length.value) / SECOND) * SECOND };
  },
};
