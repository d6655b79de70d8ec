import { DETECTORS } from './detectors/detectors.ts';
import { Random } from './random.ts';
import { MINUTES, type Scenario } from './scenarios.ts';
import { record } from './traffic.ts';

export interface Case {
  readonly scenario: Scenario;
  readonly requestsPerSecond: number;
  readonly runs: number;
  readonly seed: number;
}

/** The results of a detector in all runs of a case. */
export interface Found {
  readonly detector: string;
  /** Share of false alarms: rollbacks without a fault, or before a late fault starts. */
  readonly blamed: number;
  /** Median minutes from the start of the fault to the rollback; Infinity: not within an hour. */
  readonly minutes: number;
  /** Standard error of the median. */
  readonly standardError: number;
  /** Median number of the canary's failed requests until then. */
  readonly failed: number;
}

export interface Row {
  readonly case: Case;
  /** In the order of DETECTORS. */
  readonly found: readonly Found[];
}

/** Run i of a case only depends on the seed, not on the number of runs. */
export function measure(measured: Case): Row {
  const { scenario, requestsPerSecond, runs, seed } = measured;
  const { fault, watched, onset = 0 } = scenario;
  const all = DETECTORS.map(() => ({ minutes: [] as number[], failed: [] as number[], blamed: 0 }));
  for (let run = 0; run < runs; run++) {
    const random = new Random(Math.imul(seed, 0x9e3779b1) + Math.imul(run, 0x85ebca6b));
    const recording = record(scenario.rollout(requestsPerSecond, random), random);
    DETECTORS.forEach((detector, index) => {
      const end = detector.detect(recording, watched);
      const result = all[index];
      if (result === undefined) return;
      if (end !== null && (fault === null || end <= onset)) result.blamed++;
      if (end !== null && end <= onset) return;
      const until = Math.min(end ?? Infinity, onset + MINUTES);
      result.minutes.push((end ?? Infinity) - onset);
      const since = recording.minutes.slice(onset, until);
      result.failed.push(since.reduce((sum, { canary }) => sum + (canary?.errors ?? 0), 0));
    });
  }
  const found = DETECTORS.map(({ name }, index): Found => {
    const { minutes = [], failed = [], blamed = 0 } = all[index] ?? {};
    return { detector: name, blamed: blamed / runs, ...median(minutes), failed: median(failed).minutes };
  });
  return { case: measured, found };
}

/**
 * The median and its standard error: half the distance of the order statistics one standard
 * deviation of the rank below and above the median.
 */
function median(values: readonly number[]): { readonly minutes: number; readonly standardError: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const rank = Math.sqrt(sorted.length) / 2;
  const at = (index: number) => sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(index)))] ?? NaN;
  const spread = (at(middle + rank) - at(middle - rank)) / 2;
  return { minutes: at(Math.floor(middle)), standardError: Number.isFinite(spread) ? spread : 0 };
}
