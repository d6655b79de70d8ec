import * as core from '@actions/core';
import type { Manifest } from '../inputs/action.ts';
import type { InvalidInputs } from '../inputs/issue.ts';

type Outputs = Pick<Manifest, 'outputs'>;

/** Every mistake as an annotation of its own, and the outputs that a failure has too. */
export function reportInvalidInputs(action: Outputs, error: InvalidInputs): void {
  for (const mistake of error.issues) core.error(mistake.text, { title: `Input ${mistake.input}` });
  failWith(action, error.message);
}

/** Sets every output, empty but for `outcome` and `reason` where the action has them, and ends the job red. */
export function failWith({ outputs }: Outputs, reason: string): void {
  const told: Readonly<Record<string, string>> = { outcome: 'failed', reason };
  for (const name of Object.keys(outputs)) core.setOutput(name, told[name] ?? '');
  process.exitCode = 1;
}
