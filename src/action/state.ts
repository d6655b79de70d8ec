import * as core from '@actions/core';
import { errorText, UserError } from '../core/failure.ts';
import { attempt, FIX_RUNNER_FILE, inWords } from './runner-files.ts';

/** State that the runner passes from the main step to the post step. */
export interface StepState {
  /** False if the main step was killed before it reported. */
  readonly finished: boolean;
  /** Run ID of the main step in the lease of the service; `undefined` if it has no lease. */
  readonly run?: string | undefined;
}

/** Before the work. Throws UserError: without it, nobody would clean up if this process dies. */
export function saveBegun(run: string): void {
  try {
    core.saveState('finished', 'false');
    core.saveState('run', run);
  } catch (error) {
    throw new UserError(
      `The state for the post step could not be written to ${inWords('GITHUB_STATE')}: ${errorText(error)}. ${FIX_RUNNER_FILE} Nothing was started.`,
      { cause: error },
    );
  }
}

/** After the work. The post step finds nothing to do without it, too. */
export function saveFinished(): void {
  attempt(`The state for the post step, in ${inWords('GITHUB_STATE')},`, () =>
    core.saveState('finished', 'true'),
  );
}

/**
 * `null` if the main step ended before it started any work, for example because of invalid inputs.
 */
export function readState(): StepState | null {
  const finished = core.getState('finished');
  if (finished === '') return null;
  return { finished: finished === 'true', run: core.getState('run') || undefined };
}
