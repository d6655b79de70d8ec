import * as core from '@actions/core';

/** What the main step leaves to the post step, through the runner. */
export interface StepState {
  /** False: main was killed before it could report. */
  readonly finished: boolean;
  /** What main is called in the lease of the service; undefined: it takes none. */
  readonly run?: string | undefined;
}

export function saveState({ finished, run }: StepState): void {
  core.saveState('finished', String(finished));
  if (run !== undefined) core.saveState('run', run);
}

/** Null: the main step ended before it had anything to finish (its inputs were refused). */
export function readState(): StepState | null {
  const finished = core.getState('finished');
  if (finished === '') return null;
  return { finished: finished === 'true', run: core.getState('run') || undefined };
}
