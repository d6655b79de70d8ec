import { DAY, type Milliseconds, HOUR, MINUTE, SECOND } from './clock.ts';

const UNITS: readonly (readonly [string, Milliseconds])[] = [
  ['h', HOUR],
  ['m', MINUTE],
  ['s', SECOND],
  ['ms', 1],
];

/** Includes days, which are always read. */
export const WITH_DAYS: typeof UNITS = [['d', DAY], ...UNITS];

/** A duration in the format of an input: `1h30m`. Days are written from two days on. */
export function inUnits(length: Milliseconds): string {
  let rest = length;
  let written = '';
  for (const [unit, size] of length < 2 * DAY ? UNITS : WITH_DAYS) {
    const count = Math.floor(rest / size);
    if (count > 0) written += `${count}${unit}`;
    rest -= count * size;
  }
  return written || '0s';
}
