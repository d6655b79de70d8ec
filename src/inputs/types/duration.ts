import { MINUTE, SECOND, type Milliseconds } from '../../core/time/clock.ts';
import { type InputType, shown, wrong } from './input-type.ts';
import { WITH_DAYS, inUnits } from '../../core/time/duration.ts';

const GRAMMAR = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/;
/** Longer numbers are typing errors, and their sums would lose milliseconds. */
const LONGEST_NUMBER = 12;

interface DurationOptions {
  /** The limits, both inclusive. */
  readonly from: Milliseconds;
  readonly to: Milliseconds;
  /** A further condition. */
  readonly also?: { readonly allowed: string; readonly fix: (length: Milliseconds) => string | null };
}

/** A duration with units: `90s`, `5m`, `1h30m`, `500ms`, `7d`. */
export function duration({ from, to, also }: DurationOptions): InputType<Milliseconds> {
  const more = also === undefined ? '' : `, ${also.allowed}`;
  const allowed = `a duration such as 90s, 5m or 1h30m, from ${inUnits(from)} to ${inUnits(to)}${more}`;
  return {
    allowed,
    parse(given) {
      if (given === '0' && from === 0) return { value: 0 };
      if (/^\d+$/.test(given)) {
        return wrong(`${shown(given)} has no unit`, `write ${given}m for minutes or ${given}s for seconds`);
      }
      const value = lengthOf(given);
      if (value === null) {
        return wrong(
          `${shown(given)} is not a duration`,
          'write whole numbers with the units d, h, m, s or ms, the largest first: 1h30m',
        );
      }
      if (value < from) return wrong(`${shown(given)} is too short`, `write ${inUnits(from)} or more`);
      if (value > to) return wrong(`${shown(given)} is too long`, `write ${inUnits(to)} or less`);
      const fix = also?.fix(value) ?? null;
      return fix === null ? { value } : wrong(`${shown(given)} is not ${also?.allowed}`, fix);
    },
  };
}

function lengthOf(given: string): Milliseconds | null {
  const numbers = GRAMMAR.exec(given)?.slice(1);
  if (numbers === undefined || numbers.some((digits) => digits && digits.length > LONGEST_NUMBER))
    return null;
  return WITH_DAYS.reduce((sum, [, unit], index) => sum + Number(numbers[index] ?? 0) * unit, 0);
}

/** ECS keeps an old revision for whole minutes. */
export const wholeMinutes = {
  allowed: 'in whole minutes',
  fix: (length: Milliseconds) =>
    length % MINUTE === 0 ? null : `write ${inUnits(Math.ceil(length / MINUTE) * MINUTE)}`,
};

const FINE_PERIODS = [1, 5, 10, 30].map((seconds) => seconds * SECOND);

/** The only periods that CloudWatch supports. */
export const cloudWatchPeriod = {
  allowed: 'one of 1s, 5s, 10s, 30s and the multiples of 60s',
  fix: (length: Milliseconds) =>
    FINE_PERIODS.includes(length) || length % MINUTE === 0
      ? null
      : `write ${inUnits(FINE_PERIODS.find((period) => period > length) ?? Math.ceil(length / MINUTE) * MINUTE)}`,
};
