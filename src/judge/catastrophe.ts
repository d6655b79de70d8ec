import { countsTest } from './counts-test.ts';
import type { EProcessState } from './e-process.ts';
import type { Restarts } from './restarts.ts';
import { add, NOTHING, rate, type Pair } from './tally.ts';

const ERRORS = 20;
const ERROR_RATE = 0.1;

/** The test for catastrophes uses a tenth of the false alarm rate, which adds that tenth to it. */
const CAUTION = 10;

export const evidenceOfCatastrophe = (falseAlarmRate: number): number => CAUTION / falseAlarmRate;

export interface CatastropheOptions {
  readonly dispersion: number;
  readonly restarts: Restarts;
  readonly falseAlarmRate: number;
}

/**
 * A release that fails half of its requests must not serve for three minutes, so a catastrophe
 * requires neither a second period nor the end of the warm-up. A period is a catastrophe when the
 * counts test without a cap reaches ten times the evidence that is usually enough, and the canary
 * has failed at least 20 times and in at least a tenth of its requests since the first period.
 *
 * Returns the evidence for each period that is a catastrophe, and `null` for the others. That
 * evidence is an e-value by itself, so also requiring the errors can only make a false alarm rarer.
 */
export function catastrophes(
  pairs: readonly Pair[],
  { dispersion, restarts, falseAlarmRate }: CatastropheOptions,
): readonly (EProcessState | null)[] {
  const logEnough = Math.log(evidenceOfCatastrophe(falseAlarmRate));
  let canary = NOTHING;
  return countsTest(pairs, { cap: Infinity, dispersion, restarts }).map((state, index) => {
    canary = add(canary, pairs[index]?.canary ?? NOTHING);
    return state.logE >= logEnough && canary.bad >= ERRORS && rate(canary) >= ERROR_RATE ? state : null;
  });
}
