import * as core from '@actions/core';
import { plainText, printable } from '../core/plain-text.ts';
import { withoutSecrets } from '../core/secrecy/secret-text.ts';

/**
 * The log of the job. The text cannot contain workflow commands for the runner, or what looks like
 * a secret.
 */
export const runnerLog = {
  say: (text: string): void => {
    for (const line of printable(withoutSecrets(text))) core.info(line);
  },
  group: (title: string): void => core.startGroup(plainText(withoutSecrets(title))),
  endGroup: (): void => core.endGroup(),
};

/**
 * Masks a value in the log. Outside a runner, the workflow command itself would print the value.
 */
export function maskInRunner(secret: string): void {
  if (process.env['GITHUB_ACTIONS'] === 'true') core.setSecret(secret);
}
