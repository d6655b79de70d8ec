import { pairsOf, type Detector } from './detector.ts';
import { isOverLimit } from './threshold.ts';

/** Rolls back after one minute over the limit. */
export const fixedThreshold: Detector = {
  name: 'fixed 1% threshold',
  detect(recording, signal) {
    const over = pairsOf(recording, signal).find((pair) => isOverLimit(pair) === true);
    return over === undefined ? null : over.t + 1;
  },
};
