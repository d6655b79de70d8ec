import { pairsOf, type Detector } from './detector.ts';
import { isOverLimit } from './threshold.ts';

const FAILED_CHECKS = 5;

/** A check a minute, which fails over the limit and without a value too; the check after five failed ones, in a row or not, rolls back. */
export const flagger: Detector = {
  name: 'Flagger, 5 failed checks',
  detect(recording, signal) {
    let failed = 0;
    for (const pair of pairsOf(recording, signal)) {
      if (failed >= FAILED_CHECKS) return pair.t + 1;
      if (isOverLimit(pair) !== false) failed++;
    }
    return null;
  },
};
