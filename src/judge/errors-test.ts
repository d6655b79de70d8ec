import { catastrophes } from './catastrophe.ts';
import { CAP, countsTest } from './counts-test.ts';
import type { EvidenceTrace } from './e-process.ts';
import { errorsIn, hasErrors } from './tally.ts';
import type { Timeline } from './timeline.ts';

/**
 * Does the canary fail more often than stable? The counts test with the cap, except in a
 * catastrophe. `enough` is the evidence that decides by itself.
 */
export function errorsTest({ judged, settings, restarts }: Timeline, enough: number): EvidenceTrace {
  const { dispersion } = settings;
  const pairs = judged.map(errorsIn);
  const uncapped = catastrophes(pairs, { dispersion, restarts, falseAlarmRate: settings.falseAlarmRate });
  const capped = countsTest(pairs, { cap: CAP, dispersion, restarts, enough });
  return capped.map((state, index) => uncapped[index] ?? state);
}

/** Whether there is anything to compare. */
export const hasErrorsTest = ({ finished }: Timeline): boolean =>
  hasErrors(finished, 'canary') && hasErrors(finished, 'stable');
