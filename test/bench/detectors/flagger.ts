import { pairsOf, type Detector } from './detector.ts';
import { isOverLimit } from './threshold.ts';

const FAILED_CHECKS = 5;

/**
 * One check per minute. It fails over the limit or without a value. After five failed checks, not
 * necessarily consecutive, the next check rolls back.
 */
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
