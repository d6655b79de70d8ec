import { defineAction } from '../action.ts';
import { awsInputs, releaseInputs } from '../definitions.ts';
import { ecsName } from '../types/text.ts';

/** What runs, and what is in progress. Changes nothing. */
export const statusAction = defineAction({
  title: 'ecs-ramp status',
  description:
    'What an ECS service runs, or every service of a cluster: commit, image, health, share of traffic, and what is in progress.',
  folder: 'status',
  inputs: {
    'Where to look': {
      cluster: { ...releaseInputs.cluster, description: 'Name of the ECS cluster. Default: default.' },
      service: {
        description: 'Name of the ECS service. Default: every service of the cluster.',
        kind: ecsName('an ECS service'),
        default: null,
      },
    },
    AWS: awsInputs,
  },
  outputs: {
    services:
      'What each service runs, as JSON: a list of objects, by name, as `ecs-ramp status --json` prints it.',
    'task-definition-arn':
      'ARN of the task definition revision that takes most of the traffic; empty where there are several services.',
    commit: 'The commit it comes from, where its tags say it.',
    'in-progress': 'true if a deployment of one of the services is in progress, else false.',
  },
});
