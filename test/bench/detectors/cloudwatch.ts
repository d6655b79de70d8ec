import { pairsOf, type Detector } from './detector.ts';
import { isOverLimit } from './threshold.ts';

const DATAPOINTS = 3;

/** An alarm with three of three data points over the limit. Missing data are not breaching. */
export const cloudWatch: Detector = {
  name: 'CloudWatch 3 of 3',
  detect(recording, signal) {
    let breaching = 0;
    for (const pair of pairsOf(recording, signal)) {
      breaching = isOverLimit(pair) === true ? breaching + 1 : 0;
      if (breaching === DATAPOINTS) return pair.t + 1;
    }
    return null;
  },
};
