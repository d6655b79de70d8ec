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

/** Whoever takes a service back has decided: nobody else is waited for. */
const { steps, gates: _gates, ...others } = rolloutInputs;
/** And is going back on purpose. */
const { 'on-newer': _onNewer, ...inBetween } = exceptionInputs;

/** Back to an earlier release. */
export const rollbackAction = defineAction({
  title: 'ecs-ramp rollback',
  description:
    'Takes a service on Amazon ECS back to an earlier release: in one call while that still runs, else by rolling it out again.',
  folder: 'rollback',
  post: 'rollback-post',
  inputs: {
    'What is rolled back': {
      service: {
        ...releaseInputs.service,
        description: 'Name of the ECS service to take back. Required.',
        required: 'name the ECS service to take back',
      },
      cluster: releaseInputs.cluster,
      ...configInputs,
      to: {
        description:
          'The release to return to: a task definition as FAMILY:REVISION or its ARN, or a commit of 7 digits or more. Default: undo the deployment under way, or return to the release before the one that serves.',
        kind: text({ allowed: 'FAMILY:REVISION, the ARN of a task definition, or a commit' }),
        default: null,
      },
    },
    'The way back, where the earlier release runs no more': {
      'rollback-steps': {
        description:
          'Percentages of production traffic that the earlier release gets, in ascending order, the last one 100. It has served before, so it gets all at once, when its targets are healthy; 10,100 tries it first. Default: 100.',
        kind: steps.kind,
        default: '100',
      },
      ...others,
    },
    Judging: judgeInputs,
    'When something comes in between': inBetween,
    AWS: awsInputs,
    'Who is told': {
      'github-deployment': {
        ...notificationInputs['github-deployment'],
        description:
          'Whether the return is a deployment on GitHub, of the commit that is returned to and the environment ENVIRONMENT/SERVICE, or CLUSTER/SERVICE where no environment is known: the one of the release that is left becomes inactive. Needs permissions: deployments: write. true or false. Default: false.',
      },
      'environment-url': notificationInputs['environment-url'],
      'github-token': notificationInputs['github-token'],
      webhook: notificationInputs.webhook,
      'webhook-format': notificationInputs['webhook-format'],
    },
    'The run': runInputs,
  },
  rules: [...rollbackRules, reportCanBeWritten],
  outputs: {
    outcome:
      'How it ended. deployed (the earlier release has all traffic, verified), unchanged (there was nothing to undo, or a dry run), rolled-back (the earlier release was rolled out again and failed: what served before still serves), dirty (a person is needed), or failed (nothing was done).',
    reason: mainAction.outputs.reason,
    'task-definition-arn': 'ARN of the task definition revision that was returned to.',
    'previous-task-definition-arn': 'ARN of the revision that was left.',
    commit: 'The commit that was returned to, where its task definition says it.',
    hot: 'true if the deployment under way was undone in one call; false if the earlier release was rolled out again; empty if neither.',
    'service-deployment-arn': mainAction.outputs['service-deployment-arn'],
    'events-file': mainAction.outputs['events-file'],
    'summary-file': mainAction.outputs['summary-file'],
    'started-at': mainAction.outputs['started-at'],
    'finished-at': mainAction.outputs['finished-at'],
    'recording-file': mainAction.outputs['recording-file'],
    'console-url': mainAction.outputs['console-url'],
  },
});
