import * as core from '@actions/core';
import { plainText, printable } from '../core/plain-text.ts';

/** The log of the job. Whatever is in the text, it cannot command the runner. */
export const runnerLog = {
  say: (text: string): void => {
    for (const line of printable(text)) core.info(line);
  },
  group: (title: string): void => core.startGroup(plainText(title)),
  endGroup: (): void => core.endGroup(),
};

/** Keeps a value out of the log. Elsewhere than on a runner the command itself would be what shows it. */
export function mask(secret: string): void {
  if (process.env['GITHUB_ACTIONS'] === 'true') core.setSecret(secret);
}
