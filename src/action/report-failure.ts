import * as core from '@actions/core';
import type { Manifest } from '../inputs/action.ts';
import type { InvalidInputs } from '../inputs/issue.ts';
import { withoutSecrets } from '../core/secrecy/secret-text.ts';
import { setOutputs } from './runner-files.ts';

type Outputs = Pick<Manifest, 'outputs'>;

/** Reports each issue as an annotation, and sets the outputs of a failure. */
export function reportInvalidInputs(action: Outputs, error: InvalidInputs): void {
  for (const mistake of error.issues)
    core.error(withoutSecrets(mistake.text), { title: `Input ${mistake.input}` });
  failWith(action, error.message);
}

/**
 * Sets every output, all empty except `outcome` and `reason` if the action has them, and fails the
 * job.
 */
export function failWith({ outputs }: Outputs, reason: string): void {
  const told: Readonly<Record<string, string>> = { outcome: 'failed', reason: withoutSecrets(reason) };
  setOutputs(Object.fromEntries(Object.keys(outputs).map((name) => [name, told[name] ?? ''])));
  process.exitCode = 1;
}
