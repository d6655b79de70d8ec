import { defineAction } from '../action.ts';
import {
  awsInputs,
  configInputs,
  exceptionInputs,
  judgeInputs,
  releaseInputs,
  rolloutInputs,
  runInputs,
  notificationInputs,
} from '../definitions.ts';
import { reportCanBeWritten } from '../files.ts';
import { text } from '../types/text.ts';
import { rollbackRules } from '../rules.ts';
import { mainAction } from './main.ts';

/** A rollback has no gates: the person who starts it has already decided. */
const { steps, gates: _gates, ...others } = rolloutInputs;
/** A rollback always deploys an older release, so `on-newer` does not apply. */
const { 'on-newer': _onNewer, ...inBetween } = exceptionInputs;

/** Returns a service to an earlier release. */
export const rollbackAction = defineAction({
  title: 'ecs-ramp rollback',
  description:
    'Returns a service on Amazon ECS to an earlier release: in one call while that release still runs, otherwise with a new rollout.',
  folder: 'rollback',
  post: 'rollback-post',
  inputs: {
    Rollback: {
      service: {
        ...releaseInputs.service,
        description: 'Name of the ECS service to roll back. Required.',
        required: 'name the ECS service to roll back',
      },
      cluster: releaseInputs.cluster,
      ...configInputs,
      to: {
        description:
          'Release to return to: a task definition as FAMILY:REVISION or as ARN, or a commit with 7 digits or more. Default: undo the deployment in progress, or return to the release before the current one.',
        type: text({ allowed: 'FAMILY:REVISION, the ARN of a task definition, or a commit' }),
        default: null,
      },
    },
    'Rollout of the earlier release, if it no longer runs': {
      'rollback-steps': {
        description:
          'Percentages of production traffic that the earlier release gets, in ascending order. The last one is 100. With 100 alone it gets all traffic as soon as its targets are healthy; 10,100 starts with a canary. Default: 100.',
        type: steps.type,
        default: '100',
      },
      ...others,
    },
    Evaluation: judgeInputs,
    'Special cases': inBetween,
    AWS: awsInputs,
    Notifications: {
      'github-deployment': {
        ...notificationInputs['github-deployment'],
        description:
          'Whether to record the rollback as a GitHub deployment of the earlier commit in the environment ENVIRONMENT/SERVICE, or CLUSTER/SERVICE if no environment is known. The deployment of the release that is rolled back becomes inactive. Requires permissions: deployments: write. true or false. Default: false.',
      },
      'environment-url': notificationInputs['environment-url'],
      'github-token': notificationInputs['github-token'],
      webhook: notificationInputs.webhook,
      'webhook-format': notificationInputs['webhook-format'],
    },
    Run: runInputs,
  },
  rules: [...rollbackRules, reportCanBeWritten],
  outputs: {
    outcome:
      'Result of the run: deployed (the earlier release has all traffic, verified), unchanged (there was nothing to undo, or a dry run), rolled-back (the earlier release failed, and the release that served before still serves), dirty (manual action is required), or failed (nothing was done).',
    reason: mainAction.outputs.reason,
    'task-definition-arn': 'ARN of the task definition revision that the service returned to.',
    'previous-task-definition-arn': 'ARN of the task definition revision that was rolled back.',
    commit: 'Commit that the service returned to, if its task definition contains it.',
    hot: 'true if the deployment in progress was undone in one call, false if the earlier release was rolled out again, otherwise empty.',
    'service-deployment-arn': mainAction.outputs['service-deployment-arn'],
    'events-file': mainAction.outputs['events-file'],
    'summary-file': mainAction.outputs['summary-file'],
    'started-at': mainAction.outputs['started-at'],
    'finished-at': mainAction.outputs['finished-at'],
    'recording-file': mainAction.outputs['recording-file'],
    'console-url': mainAction.outputs['console-url'],
  },
});
