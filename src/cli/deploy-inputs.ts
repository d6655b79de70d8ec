import { defineAction } from '../inputs/action.ts';
import { mainAction, wholeInputs, wholeRules } from '../inputs/actions/main.ts';
import { textMatching } from '../inputs/types/text.ts';
import { notificationOptions } from './notification-options.ts';
import { htmlInputs, htmlCanBeWritten } from './html-file.ts';

/** Inputs that only commands have. */
const source = {
  commit: {
    description:
      'Commit to release; by default it also names the image. Default: the commit from the variables of GitHub, Jenkins, GitLab or CircleCI; otherwise HEAD of the clone in the current folder, if it has no uncommitted changes.',
    type: textMatching({
      what: 'a commit',
      allowed: 'the hexadecimal digits of a commit, 7 to 64',
      pattern: /^[0-9a-f]{7,64}$/i,
      fix: () => 'write the output of git rev-parse HEAD',
    }),
    default: null,
  },
} as const;

/** The inputs of the main action and the additional ones of commands. */
export const deployInputs = defineAction({
  title: mainAction.title,
  description: mainAction.description,
  folder: mainAction.folder,
  page: mainAction.page,
  inputs: {
    ...wholeInputs,
    Release: { ...wholeInputs.Release, ...source },
    Notifications: { ...wholeInputs.Notifications, ...notificationOptions },
    Run: { ...wholeInputs.Run, ...htmlInputs },
  },
  rules: [...wholeRules, htmlCanBeWritten],
  outputs: mainAction.outputs,
});
