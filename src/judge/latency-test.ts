import { CAP, countsTest } from './counts-test.ts';
import type { EProcessState, EvidenceTrace } from './e-process.ts';
import { logMean } from './logarithm.ts';
import { percentileTest } from './percentile-test.ts';
import { slowIn } from './tally.ts';
import type { Timeline } from './timeline.ts';

/** The names of the thresholds, in their order. */
export const PERCENTILES = ['p50', 'p90', 'p99'] as const;

export interface LatencyState extends EProcessState {
  /** Which of p50, p90 and p99 (0, 1, 2) has the strongest evidence. */
  readonly threshold: number;
}

/**
 * Is the canary more than `latencyMargin` times as slow as stable? `null` when there is nothing to
 * compare. `enough` is the evidence that decides by itself.
 *
 * Slow requests are counted like errors: the canary's above margin x threshold, stable's above the
 * threshold. The thresholds were frozen before the rollout, so a canary within the margin is not
 * more likely to exceed its own. The average of the three tests is an e-value even if they are
 * dependent.
 */
export function latencyTest(timeline: Timeline, enough: number): readonly LatencyState[] | null {
  const by = latencyBy(timeline);
  if (by === null) return null;
  const traces = PERCENTILES.map((_, threshold) =>
    testAt(threshold, { by, timeline, enough: enough * PERCENTILES.length }),
  );
  return timeline.judged.map((_, index) => average(traces, index));
}

/**
 * The basis of the test: slow requests, or percentiles when slow requests are not counted in both
 * arms; `null` when there is neither.
 */
export function latencyBy({ finished }: Timeline): 'slow' | 'percentiles' | null {
  const inBothArms = (by: 'slow' | 'percentiles') =>
    finished.some(({ canary }) => canary?.[by]) && finished.some(({ stable }) => stable?.[by]);
  if (inBothArms('slow')) return 'slow';
  return inBothArms('percentiles') ? 'percentiles' : null;
}

interface At {
  readonly by: 'slow' | 'percentiles';
  readonly timeline: Timeline;
  readonly enough: number;
}

function testAt(threshold: number, { by, timeline, enough }: At): EvidenceTrace {
  const { judged, settings, restarts } = timeline;
  if (by === 'percentiles') {
    return percentileTest(judged, { percentile: threshold, margin: settings.latencyMargin, restarts });
  }
  const pairs = judged.map((minute) => slowIn(minute, threshold));
  return countsTest(pairs, { cap: CAP, dispersion: settings.dispersion, restarts, enough });
}

function average(traces: readonly EvidenceTrace[], index: number): LatencyState {
  const states = traces.flatMap((trace, threshold) => {
    const state = trace[index];
    return state === undefined ? [] : [{ ...state, threshold }];
  });
  const strongest = states.reduce((a, b) => (b.logE > a.logE ? b : a));
  return { ...strongest, logE: logMean(states.map(({ logE }) => logE)) };
}
