import type { Counts, Recording } from '../../../src/judge/recording.ts';
import type { Pair } from '../../../src/judge/tally.ts';

/** What a rollout is about. The other detectors look at nothing else, so that they raise no alarm about the rest. */
export type Signal = 'errors' | 'latency';

/** A way to tell that a canary is bad. */
export interface Detector {
  readonly name: string;
  /** How many minutes it took to roll back; null: it did not. */
  detect(recording: Recording, signal: Signal): number | null;
}

/** Failed requests, or those slower than 1.2 times the usual p99 (stable: than the usual p99). */
const badOf = (counts: Counts, signal: Signal): number =>
  (signal === 'errors' ? counts.errors : counts.slow?.[2]) ?? 0;

/** The judged minutes, as counts of bad requests. A minute without requests is of 0. */
export function pairsOf({ minutes, settings }: Recording, signal: Signal): readonly Pair[] {
  const tally = (counts: Counts | undefined) =>
    counts === undefined ? { bad: 0, of: 0 } : { bad: badOf(counts, signal), of: counts.requests };
  return minutes
    .filter(({ t }) => t >= (settings?.warmUp ?? 0))
    .map(({ t, canary, stable }) => ({ t, canary: tally(canary), stable: tally(stable) }));
}
