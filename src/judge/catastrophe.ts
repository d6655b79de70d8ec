import { countsTest } from './counts-test.ts';
import type { State } from './e-process.ts';
import type { Restarts } from './restarts.ts';
import { add, NOTHING, rate, type Pair } from './tally.ts';

const ERRORS = 20;
const ERROR_RATE = 0.1;

/** The warm-up is watched at a tenth of the false alarm rate, and adds that tenth to it. */
const WARM_UP_CAUTION = 10;

export const evidenceNeededInWarmUp = (falseAlarmRate: number): number => WARM_UP_CAUTION / falseAlarmRate;

/**
 * A release that fails half its requests must not live three minutes, so a catastrophe needs neither a second period nor the
 * end of the warm-up. It is one while the counts test without a cap reaches `enough`, and the canary has failed at least 20
 * times and in at least a tenth of its requests since the first of the periods.
 *
 * For each period the evidence, where it is a catastrophe; null where it is none. That evidence is an e-value by itself, so
 * waiting for the errors too can only make a false alarm rarer.
 */
export function catastrophes(
  pairs: readonly Pair[],
  { dispersion, restarts, enough }: { dispersion: number; restarts: Restarts; enough: number },
): readonly (State | null)[] {
  const logEnough = Math.log(enough);
  let canary = NOTHING;
  return countsTest(pairs, { cap: Infinity, dispersion, restarts }).map((state, index) => {
    canary = add(canary, pairs[index]?.canary ?? NOTHING);
    return state.logE >= logEnough && canary.bad >= ERRORS && rate(canary) >= ERROR_RATE ? state : null;
  });
}
