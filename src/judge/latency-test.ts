import { CAP, countsTest } from './counts-test.ts';
import type { State, Trace } from './e-process.ts';
import { logMean } from './logarithm.ts';
import { percentileTest } from './percentile-test.ts';
import type { Counts } from './recording.ts';
import { slowIn } from './tally.ts';
import type { Timeline } from './timeline.ts';

export interface LatencyState extends State {
  /** Which of p50, p90 and p99 (0, 1, 2) has the strongest evidence. */
  readonly threshold: number;
}

/**
 * Is the canary more than `latencyMargin` times as slow as stable? Null when there is nothing to compare.
 *
 * A slow request is a count like an error: the canary's requests above margin x threshold, stable's above the threshold. The
 * thresholds were frozen before the rollout, so a canary within the margin is no likelier to be above its own. The average of
 * the three tests is an e-value whatever they have in common.
 */
export function latencyTest(timeline: Timeline): readonly LatencyState[] | null {
  for (const by of ['slow', 'percentiles'] as const) {
    const thresholds = Math.min(countOf(by, 'canary', timeline), countOf(by, 'stable', timeline));
    if (thresholds > 0) {
      const traces = Array.from({ length: thresholds }, (_, threshold) => testAt(threshold, by, timeline));
      return timeline.judged.map((_, index) => average(traces, index));
    }
  }
  return null;
}

/** How many thresholds an arm has anywhere in the recording. */
const countOf = (by: 'slow' | 'percentiles', arm: 'canary' | 'stable', { finished }: Timeline): number =>
  finished.reduce((most, minute) => Math.max(most, lengthOf(minute[arm], by)), 0);

const lengthOf = (counts: Counts | undefined, by: 'slow' | 'percentiles'): number =>
  counts?.[by]?.length ?? 0;

function testAt(
  threshold: number,
  by: 'slow' | 'percentiles',
  { judged, settings, restarts }: Timeline,
): Trace {
  if (by === 'percentiles') {
    return percentileTest(judged, { percentile: threshold, margin: settings.latencyMargin, restarts });
  }
  const pairs = judged.map((minute) => slowIn(minute, threshold));
  return countsTest(pairs, { cap: CAP, dispersion: settings.dispersion, restarts });
}

function average(traces: readonly Trace[], index: number): LatencyState {
  const states = traces.flatMap((trace, threshold) => {
    const state = trace[index];
    return state === undefined ? [] : [{ ...state, threshold }];
  });
  const strongest = states.reduce((a, b) => (b.logE > a.logE ? b : a));
  return { ...strongest, logE: logMean(states.map(({ logE }) => logE)) };
}
