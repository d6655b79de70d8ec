import { defineAction } from '../action.ts';
import {
  awsInputs,
  exceptionInputs,
  judgeInputs,
  releaseInputs,
  rolloutInputs,
  runInputs,
  taskDefinitionInputs,
  notificationInputs,
} from '../definitions.ts';
import { reportsCanBeWritten } from '../files.ts';
import { list } from '../types/list.ts';
import { ecsName, path, booleanInput } from '../types/text.ts';
import { chainingNeedsARole, rolloutRules, taskDefinitionRules } from '../rules.ts';
import { mainAction } from './main.ts';

const service = ecsName('an ECS service');

/** From an image that exists to all of the traffic, of one service or of several that run the same. */
export const deployAction = defineAction({
  title: 'ecs-ramp deploy',
  description:
    'Takes one or several services on Amazon ECS to an image that exists: canary, judgement, rollback. One task definition for all.',
  folder: 'deploy',
  post: 'deploy-post',
  inputs: {
    'What is released': {
      service: {
        description:
          'Names of the ECS services to deploy, separated by commas or newlines, in the order in which they are deployed. All get one and the same task definition revision. Required.',
        kind: list(service, { allowed: `names of services (${service.allowed})` }),
        default: null,
        required: 'name the ECS services to deploy',
      },
      cluster: releaseInputs.cluster,
      image: {
        description:
          'The image to deploy, which exists, as NAME:TAG or better NAME@sha256:DIGEST, such as the output image of ecs-ramp/build. Required.',
        kind: releaseInputs.image.kind,
        default: null,
        required: 'name the image to deploy, as NAME@sha256:DIGEST',
      },
      parallel: {
        description:
          'Whether all services are deployed at once. One after the other, a service is not started after one that failed. true or false. Default: false.',
        kind: booleanInput,
        default: 'false',
      },
    },
    'Task definition': taskDefinitionInputs,
    Rollout: rolloutInputs,
    Judging: judgeInputs,
    'When something comes in between': exceptionInputs,
    AWS: awsInputs,
    'Who is told': notificationInputs,
    'The run': {
      'dry-run': runInputs['dry-run'],
      'report-directory': {
        description:
          'Where each service gets a folder of its own with its event trail, its summary and its recording. Default: ecs-ramp in the temporary directory of the runner.',
        kind: path,
        default: null,
      },
    },
  },
  rules: [...taskDefinitionRules, ...rolloutRules, chainingNeedsARole, reportsCanBeWritten],
  outputs: {
    outcome:
      'How it ended. deployed, or unchanged (this release already serves) if that is so for every service; otherwise the worst of all: dirty (a person is needed), rolled-back (verified), then failed (never touched, or never started).',
    reason: 'Why it ended so; of several services, of each one that is not live.',
    image: mainAction.outputs.image,
    'image-digest': mainAction.outputs['image-digest'],
    'task-definition-arn': 'ARN of the released task definition revision, the same for every service.',
    results:
      'Every output of the main action by service, as JSON: fromJSON(steps.deploy.outputs.results).web.outcome.',
  },
});
