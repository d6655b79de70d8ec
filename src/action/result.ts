import * as core from '@actions/core';
import { appendFileSync } from 'node:fs';
import type { Annotation } from '../report/annotations.ts';
import type { Markdown } from '../report/markdown.ts';
import { maskedIn } from '../core/secrecy/masks.ts';
import { errorText } from '../core/failure.ts';

/** The result of an action. */
export interface Result<Output extends string> {
  /** False if the job fails. */
  readonly green: boolean;
  readonly outputs: Readonly<Record<Output, string>>;
  /** For the job summary. */
  readonly summary: Markdown;
  /** If the job fails, at least one says why. */
  readonly annotations?: readonly Annotation[];
}

/**
 * Reports to the runner: annotations, outputs, summary and exit code. Also works outside a runner.
 * `masked` removes secrets.
 */
export function reportToRunner(result: Result<string>, masked: (text: string) => string): void {
  const { green, outputs, annotations = [], ...rest } = maskedIn(result, masked);
  if (!green) process.exitCode = 1;
  const say = { error: core.error, warning: core.warning, notice: core.notice };
  for (const { level, title, message } of annotations) say[level](message, { title });
  for (const [name, value] of Object.entries<string>(outputs))
    attempt(`Output ${name}`, () => core.setOutput(name, value));
  attempt('The job summary', () => summarize(rest.summary));
}

/**
 * Reports a failed write, for example on a full disk, as a warning, so that the other reports are
 * written.
 */
export function attempt(what: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    core.warning(`${what} could not be written: ${errorText(error)}`);
  }
}

/** Appends to the job summary. */
export function summarize(summary: Markdown): void {
  const file = process.env['GITHUB_STEP_SUMMARY'];
  if (file) appendFileSync(file, summary);
}
