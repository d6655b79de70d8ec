// Kills the process of a trial at each of its calls of AWS.
import { runTrial, type Kill, type RecordedCall, type TrialResult } from './run-trial.ts';
import type { Trial } from './trial.ts';

const WRITES = /^(Register|Tag|Untag|Update|Continue|Stop)/;
const NEXT: readonly Kill['next'][] = ['nobody', 'run again', 'post step', 'reconcile'];

/** The places where the process of a trial can be killed. */
export interface Places {
  /** Number of places: two for each call, before it and after it took effect. */
  readonly all: number;
  /**
   * The places that differ in time, in the writes made so far or in the trail. All others are
   * equivalent to one of these, because reads change nothing.
   */
  readonly different: readonly Pick<Kill, 'call' | 'when'>[];
}

export function placesToDie(recordedCalls: readonly RecordedCall[]): Places {
  const seen = new Set<string>();
  const different: Pick<Kill, 'call' | 'when'>[] = [];
  let written = 0;
  for (const { call, operation, at, eventsBefore } of recordedCalls) {
    for (const when of ['before', 'after'] as const) {
      if (when === 'after' && WRITES.test(operation)) written += 1;
      const key = `${at} ${written} ${eventsBefore}`;
      if (seen.has(key)) continue;
      seen.add(key);
      different.push({ call, when });
    }
  }
  return { all: 2 * recordedCalls.length, different };
}

/** Every kill of the trial: each different place and each value of `next`. */
export async function killsOf(trial: Trial, settled?: () => Promise<void>): Promise<readonly Kill[]> {
  const { recordedCalls } = await runTrial(trial, null, settled);
  return placesToDie(recordedCalls).different.flatMap((place) => NEXT.map((next) => ({ ...place, next })));
}

/** Runs the trial once for each kill. */
export async function* killEverywhere(
  trial: Trial,
  settled?: () => Promise<void>,
): AsyncGenerator<TrialResult> {
  for (const kill of await killsOf(trial, settled)) yield await runTrial(trial, kill, settled);
}
