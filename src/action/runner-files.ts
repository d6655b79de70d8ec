import * as core from '@actions/core';
import { appendFileSync } from 'node:fs';
import { errorText } from '../core/failure.ts';
import type { Markdown } from '../report/markdown.ts';

/** Sets outputs of the step. A failure is a warning, because the work is done. */
export function setOutputs(outputs: Readonly<Record<string, string>>): void {
  attempt(`The outputs, which later steps read from ${inWords('GITHUB_OUTPUT')},`, () => {
    for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
  });
}

/** Appends to the job summary. A failure is a warning. */
export function summarize(summary: Markdown): void {
  const file = process.env['GITHUB_STEP_SUMMARY'];
  if (file)
    attempt(`The job summary, in ${inWords('GITHUB_STEP_SUMMARY')},`, () => appendFileSync(file, summary));
}

/** What to do if a file of the runner cannot be written. */
export const FIX_RUNNER_FILE = 'Free space on the disk of the runner, or correct the permissions.';

/**
 * Reports a failed write, for example on a full disk, as a warning, so that everything else is
 * reported and the result of the job stays true.
 */
export function attempt(what: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    core.warning(
      `${what} could not be written: ${errorText(error)}. ${FIX_RUNNER_FILE} The result of this job does not depend on it.`,
    );
  }
}

/** The variable of the runner, and the file that it names. */
export function inWords(variable: string): string {
  return `${variable} (${process.env[variable]})`;
}
