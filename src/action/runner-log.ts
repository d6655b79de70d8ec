import * as core from '@actions/core';
import { plainText, printable } from '../core/plain-text.ts';

/** The log of the job. The text cannot contain workflow commands for the runner. */
export const runnerLog = {
  say: (text: string): void => {
    for (const line of printable(text)) core.info(line);
  },
  group: (title: string): void => core.startGroup(plainText(title)),
  endGroup: (): void => core.endGroup(),
};

/**
 * Masks a value in the log. Outside a runner, the workflow command itself would print the value.
 */
export function mask(secret: string): void {
  if (process.env['GITHUB_ACTIONS'] === 'true') core.setSecret(secret);
}
