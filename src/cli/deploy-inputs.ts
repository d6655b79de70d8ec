import { defineAction } from '../inputs/action.ts';
import { main, wholeInputs, wholeRules } from '../inputs/actions/main.ts';
import { matching } from '../inputs/kinds/text.ts';
import { told } from './notification-options.ts';
import { page, pageCanBeWritten } from './page.ts';

/** What a terminal, or a CI that is not known, has to say itself. */
const source = {
  commit: {
    description:
      "The commit that is released; by default it also names the image. Default: what the CI's own variables say, of GitHub, Jenkins, GitLab or CircleCI.",
    kind: matching({
      what: 'a commit',
      allowed: 'the hexadecimal digits of a commit, 7 to 64',
      pattern: /^[0-9a-f]{7,64}$/i,
      fix: () => 'write it as git rev-parse HEAD does',
    }),
    default: null,
  },
} as const;

/** The inputs of the main action, as commands take them. */
export const whole = defineAction({
  title: main.title,
  description: main.description,
  folder: main.folder,
  page: main.page,
  inputs: {
    ...wholeInputs,
    'What is released': { ...wholeInputs['What is released'], ...source },
    'Who is told': { ...wholeInputs['Who is told'], ...told },
    'The run': { ...wholeInputs['The run'], ...page },
  },
  rules: [...wholeRules, pageCanBeWritten],
  outputs: main.outputs,
});
