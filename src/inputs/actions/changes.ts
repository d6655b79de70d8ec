import { defineAction } from '../action.ts';
import { MOST_PARTS } from '../config/waves.ts';
import type { Definitions } from '../definition.ts';
import { wholeNumber } from '../types/whole-number.ts';
import { textMatching, path, secretText, text } from '../types/text.ts';

const commit = textMatching({
  what: 'a commit',
  allowed: 'a SHA, or the name of a checked-out branch or tag',
  pattern: /^[^-\s][^\s]*$/,
  fix: () => 'write its SHA',
});

const inputs = {
  config: {
    description: 'Path of ecs-ramp.yml, relative to the workspace. Default: ecs-ramp.yml.',
    type: path,
    default: 'ecs-ramp.yml',
  },
  environment: {
    description:
      'Environment in ecs-ramp.yml to deploy to. Default: the environment that the branch is deployed to.',
    type: text({ allowed: 'the name of an environment in the file' }),
    default: null,
  },
  base: {
    description:
      'Commit to compare with. Default: the commit from the event, such as the commit before a push.',
    type: commit,
    default: null,
  },
  head: {
    description: 'Commit that is compared with base. Default: the checked-out commit.',
    type: commit,
    default: null,
  },
  parts: {
    description:
      'How many jobs of the workflow share each list of services, 1 to 8. GitHub takes at most 256 jobs from one matrix, so more services need more parts. Default: 1.',
    type: wholeNumber({ from: 1, to: MOST_PARTS }),
    default: '1',
  },
  'github-token': {
    description:
      "Token that may read the repository. It fetches commits that the checkout does not have and cannot fetch itself, and is sent only to the repository's own server. Requires permissions: contents: read. Default: the token of the job.",
    type: secretText({ allowed: 'a token on one line' }),
    default: null,
    runnerDefault: '${{ github.token }}',
  },
} as const satisfies Definitions;

/** Finds the services that a push, merge or pull request changes. */
export const changesAction = defineAction({
  title: 'ecs-ramp changes',
  description:
    'Finds the services of a monorepo that a push, merge or pull request changes, as a matrix for strategy.matrix, each with the reason.',
  folder: 'changes',
  inputs: { Comparison: inputs },
  outputs: {
    any: 'true if there is anything to deploy, otherwise false.',
    matrix:
      'Matrix for strategy.matrix: {"include":[{"service","environment","reason","timeout-minutes"}]}. Empty if the branch is not deployed to any environment. timeout-minutes is the maximum duration of the rollout plus half an hour for the build. Empty text if there are more than 256 services: use matrices.',
    matrices:
      'The same as an array of as many matrices as parts says, each with at most 256 services, the last ones may be empty.',
    waves:
      'The same as an array of matrices in the order of dependencies: fromJSON(...)[0] is deployed first. There are always five, the last ones empty, so that a workflow can have one job for each. With parts: 2 there are ten, the two parts of the first wave first.',
    services: 'Names of the changed services, as a JSON array.',
    environment: 'Environment that the services are deployed to; empty if the file has none.',
    removed: 'Services that were removed from the file, as a JSON array. Nothing is deleted on AWS.',
  },
});
