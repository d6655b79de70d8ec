import { defineAction } from '../action.ts';
import type { Definitions } from '../definition.ts';
import { textMatching, path, text } from '../types/text.ts';

const commit = textMatching({
  what: 'a commit',
  allowed: 'a SHA, or the name of a branch or tag that was checked out',
  pattern: /^[^-\s][^\s]*$/,
  fix: () => 'write its SHA',
});

const inputs = {
  config: {
    description: 'Path of ecs-ramp.yml, relative to the workspace. Default: ecs-ramp.yml.',
    kind: path,
    default: 'ecs-ramp.yml',
  },
  environment: {
    description: 'Environment in that file to deploy to. Default: the one that the branch is deployed to.',
    kind: text({ allowed: 'the name of an environment in the file' }),
    default: null,
  },
  base: {
    description: 'Commit to compare with. Default: what the event says, such as the commit before a push.',
    kind: commit,
    default: null,
  },
  head: {
    description: 'Commit that is compared with base. Default: what is checked out.',
    kind: commit,
    default: null,
  },
} as const satisfies Definitions;

/** Which services a push, merge or pull request touches. */
export const changesAction = defineAction({
  title: 'ecs-ramp changes',
  description:
    'Which services of a monorepo a push, merge or pull request touches, ready for strategy.matrix, each with the reason.',
  folder: 'changes',
  inputs: { 'What is compared': inputs },
  outputs: {
    any: 'true if there is anything to deploy, else false.',
    matrix:
      'For strategy.matrix: {"include":[{"service","environment","reason","timeout-minutes"}]}. Empty if the branch is deployed to no environment. timeout-minutes is the longest that a rollout can take, and half an hour to build.',
    waves:
      'The same as an array of matrices, by order of dependence: fromJSON(...)[0] is deployed first. There are always five, the last ones empty, so that a workflow can have a job for each.',
    services: 'Names of the touched services, as a JSON array.',
    environment: 'Environment that they are deployed to; empty if the file has none.',
    removed: 'Services that the file has no more, as a JSON array. Nothing is removed on AWS.',
  },
});
