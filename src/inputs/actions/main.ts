import { defineAction } from '../action.ts';
import {
  awsInputs,
  buildInputs,
  configInputs,
  exceptionInputs,
  judgeInputs,
  releaseInputs,
  rolloutInputs,
  runInputs,
  taskDefinitionInputs,
  notificationInputs,
} from '../definitions.ts';
import { builds, type Rule } from '../rule.ts';
import { reportCanBeWritten } from '../files.ts';
import { buildRules, chainingNeedsARole, imageOrBuild, rolloutRules, taskDefinitionRules } from '../rules.ts';

/** Rules for a whole deployment, shared by the action and the commands. */
export const wholeRules = [
  imageOrBuild,
  ...buildRules.map(ifBuilt),
  ...taskDefinitionRules,
  ...rolloutRules,
  chainingNeedsARole,
  reportCanBeWritten,
];

/** Inputs of a whole deployment by heading, shared by the action and the commands. */
export const wholeInputs = {
  Release: { ...releaseInputs, ...configInputs },
  'Image build': buildInputs,
  'Task definition': taskDefinitionInputs,
  Rollout: rolloutInputs,
  Evaluation: judgeInputs,
  'Special cases': exceptionInputs,
  AWS: awsInputs,
  Notifications: notificationInputs,
  Run: runInputs,
} as const;

/** The main action: from a commit to 100% of production traffic. */
export const mainAction = defineAction({
  title: 'ecs-ramp',
  description:
    'Deploys a commit or an image to Amazon ECS with a canary, evaluates it, and rolls it back if it is worse.',
  folder: '',
  page: 'docs/inputs.md',
  main: 'main',
  post: 'post',
  inputs: wholeInputs,
  rules: wholeRules,
  outputs: {
    outcome:
      'Result of the run: deployed, unchanged (the release already serves), rolled-back (verified), dirty (manual action is required), or failed (production was not changed).',
    reason: 'Reason for the outcome, in one or two sentences.',
    image: 'Released image by digest, NAME@sha256:DIGEST.',
    'image-digest': 'Digest of the released image, sha256:DIGEST.',
    'task-definition-arn': 'ARN of the released task definition revision.',
    'previous-task-definition-arn': 'ARN of the task definition revision that the service ran before.',
    'service-deployment-arn': 'ARN of the ECS service deployment.',
    'canary-percent':
      'Verified percentage of production traffic on the new revision at the end; empty if it could not be verified.',
    'events-file': 'Path of the event trail, as JSON lines.',
    'summary-file': 'Path of the summary, as Markdown.',
    'started-at': 'When the run started, in UTC, as 2026-01-31T12:00:00.000Z.',
    'finished-at': 'When the run finished, in UTC.',
    'recording-file': 'Path of the recording for `ecs-ramp judge`, as JSON; empty if nothing was evaluated.',
    'console-url': "URL of the service's deployments in the AWS console.",
  },
});

function ifBuilt(rule: Rule<typeof buildInputs>): Rule<typeof buildInputs & typeof releaseInputs> {
  return (facts) => (builds(facts) ? rule(facts) : []);
}
