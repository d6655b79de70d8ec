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

/**
 * Deploys an existing image to one service, or to several services that run the same task
 * definition.
 */
export const deployAction = defineAction({
  title: 'ecs-ramp deploy',
  description:
    'Deploys an existing image to one or several services on Amazon ECS with a canary, evaluation and rollback. All services get the same task definition.',
  folder: 'deploy',
  post: 'deploy-post',
  inputs: {
    Release: {
      service: {
        description:
          'Names of the ECS services to deploy, separated by commas or newlines, in the order in which they are deployed. All get the same task definition revision. Required.',
        type: list(service, { allowed: `names of services (${service.allowed})` }),
        default: null,
        required: 'name the ECS services to deploy',
      },
      cluster: releaseInputs.cluster,
      image: {
        description:
          'Existing image to deploy, as NAME:TAG or, better, NAME@sha256:DIGEST, such as the output image of ecs-ramp/build. Required.',
        type: releaseInputs.image.type,
        default: null,
        required: 'name the image to deploy, as NAME@sha256:DIGEST',
      },
      parallel: {
        description:
          'Whether to deploy all services at the same time. If false, they are deployed one after the other, and none is started after one that fails. true or false. Default: false.',
        type: booleanInput,
        default: 'false',
      },
    },
    'Task definition': taskDefinitionInputs,
    Rollout: rolloutInputs,
    Evaluation: judgeInputs,
    'Special cases': exceptionInputs,
    AWS: awsInputs,
    Notifications: notificationInputs,
    Run: {
      'dry-run': runInputs['dry-run'],
      'report-directory': {
        description:
          'Folder for the reports. Each service gets a subfolder with its event trail, summary and recording. Default: ecs-ramp in the temporary directory of the runner.',
        type: path,
        default: null,
      },
    },
  },
  rules: [...taskDefinitionRules, ...rolloutRules, chainingNeedsARole, reportsCanBeWritten],
  outputs: {
    outcome:
      'Result of the run: deployed or unchanged (the release already serves) if every service succeeded; otherwise the worst of all: dirty (manual action is required), rolled-back (verified), then failed (not changed, or not started).',
    reason:
      'Reason for the outcome; with several services, one line for each service that did not succeed, or for every service if all succeeded.',
    image: mainAction.outputs.image,
    'image-digest': mainAction.outputs['image-digest'],
    'task-definition-arn': 'ARN of the released task definition revision, the same for every service.',
    results:
      'Outputs of the main action by service, as JSON: fromJSON(steps.deploy.outputs.results).web.outcome.',
  },
});
