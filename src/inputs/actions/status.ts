import { defineAction } from '../action.ts';
import { awsInputs, configInputs, releaseInputs } from '../definitions.ts';
import { ecsName } from '../types/text.ts';

/** Shows what services run and which deployments are in progress. Changes nothing. */
export const statusAction = defineAction({
  title: 'ecs-ramp status',
  description:
    'Shows what one ECS service, or every service of a cluster, runs: commit, image, health, share of traffic, and any deployment in progress.',
  folder: 'status',
  inputs: {
    Services: {
      cluster: { ...releaseInputs.cluster, description: 'Name of the ECS cluster. Default: default.' },
      service: {
        description: 'Name of the ECS service. Default: every service of the cluster.',
        type: ecsName('an ECS service'),
        default: null,
      },
      ...configInputs,
    },
    AWS: awsInputs,
  },
  outputs: {
    services:
      'What each service runs, as JSON: a list of objects sorted by name, as `ecs-ramp status --json` prints it.',
    'task-definition-arn':
      'ARN of the task definition revision with the most traffic; empty if there are several services.',
    commit: 'Commit of that revision, if its tags contain it; empty if there are several services.',
    'in-progress': 'true if a deployment of one of the services is in progress, otherwise false.',
  },
});
