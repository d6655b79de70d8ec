import * as core from '@actions/core';

/** What the main step leaves to the post step, through the runner. */
export interface State {
  /** False: main was killed before it could report. */
  readonly finished: boolean;
}

export function saveState({ finished }: State): void {
  core.saveState('finished', String(finished));
}

/** Null: the main step ended before it had anything to finish (its inputs were refused). */
export function readState(): State | null {
  const finished = core.getState('finished');
  return finished === '' ? null : { finished: finished === 'true' };
}
