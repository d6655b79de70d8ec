import { runTrial, type Kill, type Made, type TrialResult } from './run-trial.ts';
import type { Trial } from './trial.ts';

const WRITES = /^(Register|Tag|Untag|Update|Continue|Stop)/;
const NEXT: readonly Kill['next'][] = ['nobody', 'run again', 'post step', 'reconcile'];

/** Every place where the process of a trial can die. */
export interface Places {
  /** Two for each call: just before it, and just after it took effect. */
  readonly all: number;
  /**
   * One of each kind that the rest of the world can tell apart: those with the same time, the same changes made and the same trail
   * left are one and the same death, because a read changes nothing.
   */
  readonly different: readonly Pick<Kill, 'call' | 'when'>[];
}

export function placesToDie(made: readonly Made[]): Places {
  const seen = new Set<string>();
  const different: Pick<Kill, 'call' | 'when'>[] = [];
  let written = 0;
  for (const { call, operation, at, told } of made) {
    for (const when of ['before', 'after'] as const) {
      if (when === 'after' && WRITES.test(operation)) written += 1;
      const key = `${at} ${written} ${told}`;
      if (seen.has(key)) continue;
      seen.add(key);
      different.push({ call, when });
    }
  }
  return { all: 2 * made.length, different };
}

/** Kills the process of a trial at each of its calls, and lets each of three things happen then. */
export async function* killEverywhere(
  trial: Trial,
  settled?: () => Promise<void>,
): AsyncGenerator<TrialResult> {
  const { made } = await runTrial(trial, null, settled);
  for (const place of placesToDie(made).different) {
    for (const next of NEXT) yield await runTrial(trial, { ...place, next }, settled);
  }
}
