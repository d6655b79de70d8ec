import { awsInputs, buildInputs, judgeInputs } from '../inputs/definitions.ts';
import { list } from '../inputs/types/list.ts';
import { ecsName, textMatching, path } from '../inputs/types/text.ts';
import type { Options } from './options.ts';

/** The word for what a service does not have. */
export const NONE = 'none';

export const accountOption = 'the number of the AWS account, 12 digits';

const role = textMatching({
  what: 'a role',
  allowed: `the name or the ARN of an IAM role, or ${NONE}`,
  pattern: /^(arn:aws[\w-]*:iam::\d{12}:role\/)?[\w+=,.@/-]+$/,
  fix: () => 'write its name, as the IAM console shows it, or its whole ARN',
});

const logGroup = textMatching({
  what: 'a log group',
  allowed: `the name of a log group, or ${NONE}`,
  pattern: /^[\w./#-]{1,512}$/,
  fix: () => 'write its name, as /shop/web',
});

/** A name without wildcards, as it stands in a subject. */
export const environmentName = (what: string) =>
  textMatching({
    what: `the name of ${what}`,
    allowed: `the name of ${what}`,
    pattern: /^[^\s*?:]{1,255}$/,
    fix: () => 'write the whole name, without wildcards',
  });

export const githubRepository = textMatching({
  what: 'a repository',
  allowed: 'OWNER/NAME',
  pattern: /^[\w.@-]+\/[\w.@-]+$/,
  fix: () => 'write it as OWNER/NAME',
});

/** The names that stand in a policy. What the file or AWS says of them need not be given. */
export const namesOptions = {
  service: {
    value: 'NAME',
    description:
      'The ECS service; with --config its name in that file, by default every service there. status and reconcile may go without: then it is for every service of the cluster.',
    kind: ecsName('an ECS service'),
  },
  cluster: {
    value: 'NAME',
    description: 'Its ECS cluster. Default: default.',
    kind: ecsName('an ECS cluster'),
  },
  config: {
    value: 'FILE',
    description: 'ecs-ramp.yml: what it says of the services need not be given.',
    kind: path,
  },
  environment: {
    value: 'NAME',
    description: 'Environment in that file; with --trust, the environment of the job.',
    kind: environmentName('an environment'),
  },
  'from-aws': { description: 'Read from AWS what is neither given nor in the file.' },
  'aws-region': {
    value: 'NAME',
    description: awsInputs['aws-region'].description,
    kind: awsInputs['aws-region'].kind,
  },
  account: {
    value: 'NUMBER',
    description: `The number of the AWS account. Default: that of role-to-assume in the file.`,
    kind: textMatching({
      what: 'the number of an AWS account',
      allowed: accountOption,
      pattern: /^\d{12}$/,
      fix: () => `write ${accountOption}`,
    }),
  },
  repository: {
    value: 'NAME',
    description: "The repository in the account's ECR that its images are pushed to. Default: none there.",
    kind: buildInputs.repository.kind,
  },
  family: {
    value: 'NAME',
    description: 'The family of its task definitions.',
    kind: ecsName('a family of task definitions'),
  },
  'task-roles': {
    value: 'NAME,...',
    description: `Task role and execution role that its task definition names, or ${NONE}.`,
    kind: list(role, { allowed: 'names or ARNs of IAM roles' }),
  },
  'infrastructure-role': {
    value: 'NAME',
    description: `The role with which ECS moves its traffic, or ${NONE}: it has no load balancer.`,
    kind: role,
  },
  'log-groups': {
    value: 'NAME,...',
    description: `Log groups of its containers, or ${NONE}.`,
    kind: list(logGroup, { allowed: 'names of log groups' }),
  },
  alarms: {
    value: 'NAME,...',
    description: 'Alarms that are watched during a rollout. Default: none.',
    kind: judgeInputs.alarms.kind,
  },
} as const satisfies Options;
