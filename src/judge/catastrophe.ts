import { countsTest } from './counts-test.ts';
import type { EProcessState } from './e-process.ts';
import type { Restarts } from './restarts.ts';
import { add, NOTHING, rate, type Pair } from './tally.ts';

const ERRORS = 20;
const ERROR_RATE = 0.1;

/** Catastrophes are looked for at a tenth of the false alarm rate, which adds that tenth to it. */
const CAUTION = 10;

export const evidenceOfCatastrophe = (falseAlarmRate: number): number => CAUTION / falseAlarmRate;

export interface CatastropheOptions {
  readonly dispersion: number;
  readonly restarts: Restarts;
  readonly falseAlarmRate: number;
}

/**
 * A release that fails half its requests must not live three minutes, so a catastrophe needs neither a second period nor the
 * end of the warm-up. It is one while the counts test without a cap reaches ten times what is enough otherwise, and the canary has
 * failed at least 20 times and in at least a tenth of its requests since the first of the periods.
 *
 * For each period the evidence, where it is a catastrophe; null where it is none. That evidence is an e-value by itself, so
 * waiting for the errors too can only make a false alarm rarer.
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
