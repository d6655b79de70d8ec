import { defineAction } from '../inputs/action.ts';
import { awsInputs, configInputs, releaseInputs } from '../inputs/definitions.ts';
import { number } from '../inputs/types/number.ts';
import { text } from '../inputs/types/text.ts';

const rollout = {
  service: {
    ...releaseInputs.service,
    description: 'Name of the ECS service that is rolled out. Required.',
    required: 'name the ECS service that is rolled out',
  },
  cluster: releaseInputs.cluster,
  ...configInputs,
};

/** The inputs of `ecs-ramp continue`. */
export const continueInputs = defineAction({
  title: 'ecs-ramp continue',
  description: 'Approves the step at which a rollout waits.',
  folder: 'continue',
  inputs: {
    Approval: {
      ...rollout,
      step: {
        description:
          'Step to approve, in percent. Nothing is approved if the rollout waits at another step. Default: the step at which it waits.',
        type: number({ from: 0, to: 100 }),
        default: null,
      },
    },
    AWS: awsInputs,
  },
  outputs: {},
});

/** The inputs of `ecs-ramp abort`. */
export const abortInputs = defineAction({
  title: 'ecs-ramp abort',
  description: 'Rolls back the rollout that is in progress.',
  folder: 'abort',
  inputs: {
    Rollout: {
      ...rollout,
      reason: {
        description: 'Reason, for the log of the rollout. About 190 characters are kept. Required.',
        type: text({ allowed: 'a sentence on one line' }),
        default: null,
        required: 'give the reason, for the log of the rollout',
      },
    },
    AWS: awsInputs,
  },
  outputs: {},
});
