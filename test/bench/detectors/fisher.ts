import { chances } from '../../../src/judge/hypergeometric.ts';
import { addTallies, NEITHER, type Tallies } from '../../../src/judge/tally.ts';
import { pairsOf, type Detector } from './detector.ts';

const SIGNIFICANT = 0.01;

/**
 * Fisher's one-sided exact test of all requests so far, each minute, without correction for
 * repetition.
 */
export const fisher: Detector = {
  name: 'Fisher every minute',
  detect(recording, signal) {
    let soFar = NEITHER;
    for (const pair of pairsOf(recording, signal)) {
      soFar = addTallies(soFar, pair);
      if (isSignificant(soFar)) return pair.t + 1;
    }
    return null;
  },
};

/** With this many bad requests, the normal distribution is a good approximation. */
const NORMAL_FROM = 400;
/** The normal distribution exceeds this with probability SIGNIFICANT. */
const QUANTILE = 2.326;

function isSignificant({ canary, stable }: Tallies): boolean {
  const bad = canary.bad + stable.bad;
  const of = canary.of + stable.of;
  const share = canary.of / of;
  if (bad === 0 || share === 0 || share === 1) return false;
  if (bad < NORMAL_FROM) {
    const { least, probabilities } = chances({ t: 0, canary, stable });
    return probabilities.slice(canary.bad - least).reduce((sum, one) => sum + one, 0) < SIGNIFICANT;
  }
  const deviation = Math.sqrt((bad * share * (1 - share) * (of - bad)) / (of - 1));
  return canary.bad - 0.5 - bad * share > QUANTILE * deviation;
}
