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

/** Of the whole way, wherever it is asked for. */
export const wholeRules = [
  imageOrBuild,
  ...buildRules.map(ifBuilt),
  ...taskDefinitionRules,
  ...rolloutRules,
  chainingNeedsARole,
  reportCanBeWritten,
];

/** Its inputs by heading, wherever it is asked for. */
export const wholeInputs = {
  'What is released': { ...releaseInputs, ...configInputs },
  'Building the image': buildInputs,
  'Task definition': taskDefinitionInputs,
  Rollout: rolloutInputs,
  Judging: judgeInputs,
  'When something comes in between': exceptionInputs,
  AWS: awsInputs,
  'Who is told': notificationInputs,
  'The run': runInputs,
} as const;

/** The whole way: from the commit to all of the traffic. */
export const mainAction = defineAction({
  title: 'ecs-ramp',
  description:
    'From a commit to 100% of production traffic on Amazon ECS, or back where it was, and explained.',
  folder: '',
  page: 'docs/inputs.md',
  main: 'main',
  post: 'post',
  inputs: wholeInputs,
  rules: wholeRules,
  outputs: {
    outcome:
      'How it ended. deployed, unchanged (this release already serves), rolled-back (verified), dirty (a person is needed), or failed (production was never touched).',
    reason: 'Why it ended so, in one or two sentences.',
    image: 'The released image by digest, NAME@sha256:DIGEST.',
    'image-digest': 'Digest of the released image, sha256:DIGEST.',
    'task-definition-arn': 'ARN of the released task definition revision.',
    'previous-task-definition-arn': 'ARN of the revision that the service ran before.',
    'service-deployment-arn': 'ARN of the ECS service deployment.',
    'canary-percent':
      'Percent of production traffic on the new revision at the end, as verified; empty where it could not be.',
    'events-file': 'Path of the event trail, as JSON lines.',
    'summary-file': 'Path of the summary, as Markdown.',
    'started-at': 'When the run started, in UTC, as 2026-01-31T12:00:00.000Z.',
    'finished-at': 'When the run finished, in UTC.',
    'recording-file':
      'What the judge was told, as JSON that `ecs-ramp judge` reads; empty if it never looked.',
    'console-url': "The page of the service's deployments in the AWS console.",
  },
});

function ifBuilt(rule: Rule<typeof buildInputs>): Rule<typeof buildInputs & typeof releaseInputs> {
  return (facts) => (builds(facts) ? rule(facts) : []);
}
