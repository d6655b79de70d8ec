import { CAP, countsTest } from '../../../src/judge/counts-test.ts';
import { errorsIn, slowIn, type Pair } from '../../../src/judge/tally.ts';
import { restartsUpTo } from '../../../src/judge/restarts.ts';
import { GIVEN_ODDS_RATIOS, GIVEN_PRIOR } from '../given-rule.ts';
import type { Detector } from './detector.ts';

/**
 * This judge's first rule: the binomial bound, other odds, weights .5 for errors, .4 for latency.
 */
export const ruleBefore: Detector = {
  name: 'the rule before',
  detect({ minutes, steps, settings }) {
    const { warmUp = 0, dispersion = 1 } = settings ?? {};
    const judged = minutes.filter(({ t }) => t >= warmUp);
    const restarts = { ...restartsUpTo(minutes.at(-1)?.t ?? 0, steps), prior: GIVEN_PRIOR };
    const test = (pairs: readonly Pair[], cap: number) =>
      countsTest(pairs, { cap, dispersion, restarts, oddsRatios: GIVEN_ODDS_RATIOS, bound: true });
    const errors = judged.map(errorsIn);
    const capped = test(errors, CAP);
    const uncapped = test(errors, Infinity);
    const slow = [0, 1, 2].map((threshold) =>
      test(
        judged.map((minute) => slowIn(minute, threshold)),
        CAP,
      ),
    );
    let [failed, asked] = [0, 0];
    for (const [index, { canary }] of errors.entries()) {
      failed += canary.bad;
      asked += canary.of;
      const at = (trace: ReturnType<typeof test>) => Math.exp(trace[index]?.logE ?? 0);
      if (at(uncapped) >= 100 && failed >= 20 && failed / asked >= 0.1) return warmUp + index + 1;
      const latency = slow.reduce((sum, trace) => sum + at(trace) / slow.length, 0);
      if (0.5 * at(capped) + 0.4 * latency + 0.1 >= 100) return warmUp + index + 1;
    }
    return null;
  },
};
