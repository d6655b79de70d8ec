import * as core from '@actions/core';
import type { InvalidInputs } from '../inputs/inputs.ts';

/** Every mistake as an annotation of its own, and the outputs that a failure has too. */
export function reportInvalidInputs(error: InvalidInputs): void {
  for (const mistake of error.mistakes) core.error(mistake.text, { title: `Input ${mistake.input}` });
  core.setOutput('outcome', 'failed');
  core.setOutput('reason', error.message);
  process.exitCode = 1;
}
