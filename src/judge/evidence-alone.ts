import { countsTest } from './counts-test.ts';
import { customIn, customNames } from './custom-test.ts';
import { latencyBy, PERCENTILES } from './latency-test.ts';
import { fromLog, logMean } from './logarithm.ts';
import type { Minute } from './recording.ts';
import type { Restarts } from './restarts.ts';
import { sharesIn } from './examination.ts';
import { combine } from './shares.ts';
import { errorsIn, slowIn, type Pair } from './tally.ts';
import type { Timeline } from './timeline.ts';

/** A test that starts with its only period. */
const AT_ONCE: Restarts = {
  times: [-Infinity],
  prior: { of: () => 1, from: (start) => (start > 0 ? 0 : 1) },
};

/**
 * The evidence of one period alone, without a cap. A single period must not cause a rollback, but
 * it can prevent the next step. An e-value, so by chance it reaches 10 in at most a tenth of the
 * examinations.
 */
export function evidenceAlone(minute: Minute, timeline: Timeline): number {
  const { dispersion } = timeline.settings;
  const logOf = (pairs: readonly Pair[]): number | null =>
    pairs.length === 0
      ? null
      : logMean(
          pairs.map((pair) => countsTest([pair], { cap: Infinity, dispersion, restarts: AT_ONCE })[0]!.logE),
        );
  const slow = latencyBy(timeline) === 'slow' ? PERCENTILES.map((_, index) => slowIn(minute, index)) : [];
  const own = customNames(timeline).counts.map((name) => customIn(minute, name));
  const logs = { errors: logOf([errorsIn(minute)]), latency: logOf(slow), guard: null, custom: logOf(own) };
  return fromLog(combine(logs, sharesIn(timeline)).total);
}
