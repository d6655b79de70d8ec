import { defineAction } from '../inputs/action.ts';
import { awsInputs, configInputs, releaseInputs } from '../inputs/definitions.ts';
import { number } from '../inputs/types/number.ts';
import { text } from '../inputs/types/text.ts';

const rollout = {
  service: {
    ...releaseInputs.service,
    description: 'Name of the ECS service whose rollout it is about. Required.',
    required: 'name the ECS service whose rollout it is about',
  },
  cluster: releaseInputs.cluster,
  ...configInputs,
};

/** What `ecs-ramp continue` takes. */
export const continueInputs = defineAction({
  title: 'ecs-ramp continue',
  description: 'Approves the step that a rollout waits at.',
  folder: 'continue',
  inputs: {
    'What is approved': {
      ...rollout,
      step: {
        description:
          'The step that is meant, in percent: nothing is approved if the rollout waits at another one. Default: the one that it waits at.',
        kind: number({ from: 0, to: 100 }),
        default: null,
      },
    },
    AWS: awsInputs,
  },
  outputs: {},
});

/** What `ecs-ramp abort` takes. */
export const abortInputs = defineAction({
  title: 'ecs-ramp abort',
  description: 'Rolls back the rollout that is under way.',
  folder: 'abort',
  inputs: {
    'What is aborted': {
      ...rollout,
      reason: {
        description:
          'Why, for whoever reads the log of the rollout; about 190 characters are kept. Required.',
        kind: text({ allowed: 'a sentence on one line' }),
        default: null,
        required: 'say why, for whoever reads the log of the rollout',
      },
    },
    AWS: awsInputs,
  },
  outputs: {},
});
