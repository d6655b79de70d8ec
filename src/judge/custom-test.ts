import { CAP, countsTest } from './counts-test.ts';
import { eProcess, type EProcessState, type EvidenceTrace } from './e-process.ts';
import { logMean } from './logarithm.ts';
import type { Minute } from './recording.ts';
import { NOTHING, type Pair } from './tally.ts';
import type { Timeline } from './timeline.ts';

/**
 * The state of the user's own metrics. Counts are compared like errors; readings are compared with
 * their limit like the guard.
 */
export interface CustomState extends EProcessState {
  /** The metric with the strongest evidence. */
  readonly name: string;
}

/**
 * `null` when there are no custom metrics. `enough` is the evidence that decides by itself. The
 * average over the metrics is an e-value.
 */
export function customTest(timeline: Timeline, enough: number): readonly CustomState[] | null {
  const { judged, settings, restarts } = timeline;
  const { counts, readings } = customNames(timeline);
  const many = counts.length + readings.length;
  if (many === 0) return null;
  const traces: readonly { readonly name: string; readonly trace: EvidenceTrace }[] = [
    ...counts.map((name) => {
      const pairs = judged.map((minute) => customIn(minute, name));
      const { dispersion } = settings;
      return { name, trace: countsTest(pairs, { cap: CAP, dispersion, restarts, enough: enough * many }) };
    }),
    ...readings.map((name) => ({ name, trace: limitTest(timeline, name) })),
  ];
  return judged.map((_, index) => {
    const states = traces.flatMap(({ name, trace }) => (trace[index] ? [{ ...trace[index], name }] : []));
    const strongest = states.reduce((a, b) => (b.logE > a.logE ? b : a));
    return { ...strongest, logE: logMean(states.map(({ logE }) => logE)) };
  });
}

/**
 * The names that appear anywhere in the recording. They are fixed before the first period is
 * judged.
 */
export function customNames({ finished }: Timeline): {
  readonly counts: readonly string[];
  readonly readings: readonly string[];
} {
  const names = (by: 'custom' | 'readings') =>
    [
      ...new Set(
        finished.flatMap(({ canary, stable }) =>
          [canary, stable].flatMap((arm) => Object.keys(arm?.[by] ?? {})),
        ),
      ),
    ].sort();
  return { counts: names('custom'), readings: names('readings') };
}

export const customIn = ({ t, canary, stable }: Minute, name: string): Pair => ({
  t,
  canary: canary?.custom?.[name] ?? NOTHING,
  stable: stable?.custom?.[name] ?? NOTHING,
});

/** A reading may be over its limit in one of twenty periods. */
const TOLERATED = 0.05;
/** The alternatives: over the limit in half of the periods, or in nearly all. */
const THEN = [0.5, 0.9];

/**
 * A likelihood ratio like that of the guard (guard-test.ts), with the period as its unit. Periods
 * in which stable is over the limit too are not counted.
 */
function limitTest({ judged, restarts }: Timeline, name: string): EvidenceTrace {
  const alternatives = THEN.map((rate) => ({
    weight: 1 / THEN.length,
    logFactor(minute: Minute): number {
      const over = isOver(minute, name);
      if (over === null) return 0;
      return over ? Math.log(rate / TOLERATED) : Math.log((1 - rate) / (1 - TOLERATED));
    },
  }));
  return eProcess(judged, alternatives, { restarts });
}

/** `null` when there is no reading, or when stable is over the limit too. */
export function isOver({ canary, stable }: Minute, name: string): boolean | null {
  const reading = canary?.readings?.[name];
  if (reading === undefined || (stable?.readings?.[name] ?? 0) > 1) return null;
  return reading > 1;
}
