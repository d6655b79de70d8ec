import { catastrophes } from './catastrophe.ts';
import { CAP, countsTest } from './counts-test.ts';
import type { Trace } from './e-process.ts';
import { errorsIn, hasErrors } from './tally.ts';
import type { Timeline } from './timeline.ts';

/**
 * Does the canary fail more than stable? The counts test with the cap, which is lifted in a catastrophe. Null when there is
 * nothing to compare: one of the arms has no error counts.
 */
export function errorsTest({ finished, judged, settings, restarts }: Timeline): Trace | null {
  if (!hasErrors(finished, 'canary') || !hasErrors(finished, 'stable')) return null;
  const { dispersion, falseAlarmRate } = settings;
  const pairs = judged.map(errorsIn);
  const uncapped = catastrophes(pairs, { dispersion, restarts, enough: 1 / falseAlarmRate });
  const capped = countsTest(pairs, { cap: CAP, dispersion, restarts });
  return capped.map((state, index) => uncapped[index] ?? state);
}
