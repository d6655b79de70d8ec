import * as core from '@actions/core';
import { appendFileSync } from 'node:fs';
import type { Annotation } from '../report/annotations.ts';
import type { Markdown } from '../report/markdown.ts';
import { errorText } from '../core/failure.ts';

/** What became of an action's work. */
export interface Result<Output extends string> {
  /** False ends the job red. */
  readonly green: boolean;
  readonly outputs: Readonly<Record<Output, string>>;
  /** For the job summary. */
  readonly summary: Markdown;
  /** Where the job is red, one says why. */
  readonly annotations?: readonly Annotation[];
}

/** Hands it to the runner: summary, annotations, outputs and the exit code. Works outside a runner too. */
export function reportToRunner({ green, outputs, summary, annotations = [] }: Result<string>): void {
  if (!green) process.exitCode = 1;
  const say = { error: core.error, warning: core.warning, notice: core.notice };
  for (const { level, title, message } of annotations) say[level](message, { title });
  for (const [name, value] of Object.entries<string>(outputs))
    attempt(`Output ${name}`, () => core.setOutput(name, value));
  attempt('The job summary', () => summarize(summary));
}

/** What cannot be written, on a full disk, is said; the rest is told all the same. */
export function attempt(what: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    core.warning(`${what} could not be written: ${errorText(error)}`);
  }
}

/** Adds to the job summary. */
export function summarize(summary: Markdown): void {
  const file = process.env['GITHUB_STEP_SUMMARY'];
  if (file) appendFileSync(file, summary);
}
