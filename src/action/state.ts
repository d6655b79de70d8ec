import * as core from '@actions/core';

/** State that the runner passes from the main step to the post step. */
export interface StepState {
  /** False if the main step was killed before it reported. */
  readonly finished: boolean;
  /** Run ID of the main step in the lease of the service; `undefined` if it has no lease. */
  readonly run?: string | undefined;
}

export function saveState({ finished, run }: StepState): void {
  core.saveState('finished', String(finished));
  if (run !== undefined) core.saveState('run', run);
}

/**
 * `null` if the main step ended before it started any work, for example because of invalid inputs.
 */
export function readState(): StepState | null {
  const finished = core.getState('finished');
  if (finished === '') return null;
  return { finished: finished === 'true', run: core.getState('run') || undefined };
}
