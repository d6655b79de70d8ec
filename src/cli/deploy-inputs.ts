import { defineAction } from '../inputs/action.ts';
import { mainAction, wholeInputs, wholeRules } from '../inputs/actions/main.ts';
import { textMatching } from '../inputs/types/text.ts';
import { notificationOptions } from './notification-options.ts';
import { htmlInputs, htmlCanBeWritten } from './html-file.ts';

/** What a terminal, or a CI that is not known, has to say itself. */
const source = {
  commit: {
    description:
      "The commit that is released; by default it also names the image. Default: what the CI's own variables say, of GitHub, Jenkins, GitLab or CircleCI.",
    kind: textMatching({
      what: 'a commit',
      allowed: 'the hexadecimal digits of a commit, 7 to 64',
      pattern: /^[0-9a-f]{7,64}$/i,
      fix: () => 'write it as git rev-parse HEAD does',
    }),
    default: null,
  },
} as const;

/** The inputs of the main action, as commands take them. */
export const deployInputs = defineAction({
  title: mainAction.title,
  description: mainAction.description,
  folder: mainAction.folder,
  page: mainAction.page,
  inputs: {
    ...wholeInputs,
    'What is released': { ...wholeInputs['What is released'], ...source },
    'Who is told': { ...wholeInputs['Who is told'], ...notificationOptions },
    'The run': { ...wholeInputs['The run'], ...htmlInputs },
  },
  rules: [...wholeRules, htmlCanBeWritten],
  outputs: mainAction.outputs,
});
