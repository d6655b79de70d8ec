import * as core from '@actions/core';
import type { Annotation } from '../report/annotations.ts';
import type { Markdown } from '../report/markdown.ts';
import { maskedIn } from '../core/secrecy/masks.ts';
import { setOutputs, summarize } from './runner-files.ts';

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
  setOutputs(outputs);
  summarize(rest.summary);
}
