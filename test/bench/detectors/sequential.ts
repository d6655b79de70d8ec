import { countsTest } from '../../../src/judge/counts-test.ts';
import { GIVEN_ODDS_RATIOS } from '../given-rule.ts';
import { pairsOf, type Detector } from './detector.ts';

const ENOUGH = Math.log(100);
const ONE_START = {
  times: [0],
  prior: { of: (k: number) => (k === 0 ? 1 : 0), from: (k: number) => (k === 0 ? 1 : 0) },
};

/** The sequential test as published: one start, no cap, one signal. */
export const sequential: Detector = {
  name: 'plain sequential test',
  detect(recording, signal) {
    const pairs = pairsOf(recording, signal);
    const options = {
      cap: Infinity,
      dispersion: 1,
      restarts: ONE_START,
      oddsRatios: GIVEN_ODDS_RATIOS,
      bound: true,
    };
    const found = countsTest(pairs, options).findIndex(({ logE }) => logE >= ENOUGH);
    return found === -1 ? null : (pairs[found]?.t ?? 0) + 1;
  },
};
