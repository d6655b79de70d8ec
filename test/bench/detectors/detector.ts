import type { Counts, Recording } from '../../../src/judge/recording.ts';
import type { Pair } from '../../../src/judge/tally.ts';

/** The other detectors check only this signal, so that others cause no false alarms. */
export type Signal = 'errors' | 'latency';

/** A method to detect a bad canary. */
export interface Detector {
  readonly name: string;
  /** Minutes until the rollback; `null` if it does not roll back. */
  detect(recording: Recording, signal: Signal): number | null;
}

/** Failed requests or requests slower than 1.2 times the usual p99 (stable: the usual p99). */
const badOf = (counts: Counts, signal: Signal): number =>
  (signal === 'errors' ? counts.errors : counts.slow?.[2]) ?? 0;

/** Counts of bad requests by judged minute. `of` is 0 in a minute without requests. */
export function pairsOf({ minutes, settings }: Recording, signal: Signal): readonly Pair[] {
  const tally = (counts: Counts | undefined) =>
    counts === undefined ? { bad: 0, of: 0 } : { bad: badOf(counts, signal), of: counts.requests };
  return minutes
    .filter(({ t }) => t >= (settings?.warmUp ?? 0))
    .map(({ t, canary, stable }) => ({ t, canary: tally(canary), stable: tally(stable) }));
}
