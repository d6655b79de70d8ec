import { rate } from '../../../src/judge/tally.ts';
import { pairsOf, type Detector } from './detector.ts';

const EVERY = 15;
const TOLERANCE = 0.25;
/** Quantile of the normal distribution for an interval of 98%. */
const QUANTILE = 2.326;

/**
 * As in Kayenta: every 15 minutes, compares the rates of all minutes so far. `High` if the 98%
 * interval of the shift is above a quarter of its estimate.
 */
export const mannWhitney: Detector = {
  name: 'Mann-Whitney as in Kayenta',
  detect(recording, signal) {
    const pairs = pairsOf(recording, signal).filter(({ canary, stable }) => canary.of > 0 && stable.of > 0);
    for (let until = EVERY; until <= pairs.length; until += EVERY) {
      const soFar = pairs.slice(0, until);
      const ours = soFar.map(({ canary }) => rate(canary));
      const theirs = soFar.map(({ stable }) => rate(stable));
      if (isHigh(ours, theirs)) return (soFar.at(-1)?.t ?? 0) + 1;
    }
    return null;
  },
};

function isHigh(ours: readonly number[], theirs: readonly number[]): boolean {
  const shifts = ours.flatMap((our) => theirs.map((their) => our - their)).sort((a, b) => a - b);
  const deviation = Math.sqrt((shifts.length * (ours.length + theirs.length + 1)) / 12);
  const lowest = shifts[Math.max(0, Math.round(shifts.length / 2 - QUANTILE * deviation))] ?? 0;
  const estimate = shifts[shifts.length >> 1] ?? 0;
  return lowest > TOLERANCE * Math.abs(estimate);
}
