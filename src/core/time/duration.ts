import { type Milliseconds, HOUR, MINUTE, SECOND } from './clock.ts';

export const UNITS: readonly (readonly [string, Milliseconds])[] = [
  ['h', HOUR],
  ['m', MINUTE],
  ['s', SECOND],
  ['ms', 1],
];

/** A duration in the format of an input: `1h30m`. */
export function inUnits(length: Milliseconds): string {
  let rest = length;
  let written = '';
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) written += `${count}${unit}`;
    rest -= count * size;
  }
  return written || '0s';
}
