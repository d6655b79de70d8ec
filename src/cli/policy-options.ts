import { awsInputs, buildInputs, judgeInputs } from '../inputs/definitions.ts';
import { list } from '../inputs/types/list.ts';
import { ecsName, textMatching, path } from '../inputs/types/text.ts';
import type { Options } from './options.ts';

/** The value for something that a service does not have. */
export const NONE = 'none';

export const accountOption = 'the number of the AWS account, 12 digits';

const role = textMatching({
  what: 'a role',
  allowed: `the name or the ARN of an IAM role, or ${NONE}`,
  pattern: /^(arn:aws[\w-]*:iam::\d{12}:role\/)?[\w+=,.@/-]+$/,
  fix: () => 'write its name as shown in the IAM console, or its full ARN',
});

const logGroup = textMatching({
  what: 'a log group',
  allowed: `the name of a log group, or ${NONE}`,
  pattern: /^[\w./#-]{1,512}$/,
  fix: () => 'write its name, such as /shop/web',
});

/** A name without wildcards, as used in the subject of an OIDC token. */
export const environmentName = (what: string) =>
  textMatching({
    what: `the name of ${what}`,
    allowed: `the name of ${what}`,
    pattern: /^[^\s*?:]{1,255}$/,
    fix: () => 'write the full name, without wildcards',
  });

export const githubRepository = textMatching({
  what: 'a repository',
  allowed: 'OWNER/NAME',
  pattern: /^[\w.@-]+\/[\w.@-]+$/,
  fix: () => 'write it as OWNER/NAME',
});

export const tokenIssuer = textMatching({
  what: 'a token service',
  allowed: 'a host with a path',
  pattern: /^[\w.-]+(\/[\w.-]+)*$/,
  fix: () => 'write the host and the path without https://',
});

/** The names in a policy. Names from the file or from AWS are optional. */
export const namesOptions = {
  service: {
    value: 'NAME',
    description:
      'Name of the ECS service. With --config, its name in that file; by default every service of the file. Optional for status and reconcile: without it, the policy applies to every service of the cluster.',
    type: ecsName('an ECS service'),
  },
  cluster: {
    value: 'NAME',
    description: 'Name of the ECS cluster. Default: default.',
    type: ecsName('an ECS cluster'),
  },
  config: {
    value: 'FILE',
    description: 'Path of ecs-ramp.yml. Names that it contains are optional.',
    type: path,
  },
  environment: {
    value: 'NAME',
    description: 'Environment in ecs-ramp.yml; with --trust, the environment of the job.',
    type: environmentName('an environment'),
  },
  'from-aws': { description: 'Read names from AWS that are neither given nor in the file.' },
  'aws-region': {
    value: 'NAME',
    description: awsInputs['aws-region'].description,
    type: awsInputs['aws-region'].type,
  },
  account: {
    value: 'NUMBER',
    description: `Number of the AWS account. Default: the account of role-to-assume in the file.`,
    type: textMatching({
      what: 'the number of an AWS account',
      allowed: accountOption,
      pattern: /^\d{12}$/,
      fix: () => `write ${accountOption}`,
    }),
  },
  repository: {
    value: 'NAME',
    description: "Repository in the account's ECR that the images are pushed to. Default: none in ECR.",
    type: buildInputs.repository.type,
  },
  family: {
    value: 'NAME',
    description: 'Family of the task definitions.',
    type: ecsName('a family of task definitions'),
  },
  'task-roles': {
    value: 'NAME,...',
    description: `Task role and execution role of the task definition, or ${NONE}.`,
    type: list(role, { allowed: 'names or ARNs of IAM roles' }),
  },
  'infrastructure-role': {
    value: 'NAME',
    description: `Role with which ECS moves the traffic, or ${NONE} for a service without a load balancer.`,
    type: role,
  },
  'log-groups': {
    value: 'NAME,...',
    description: `Log groups of the containers, or ${NONE}.`,
    type: list(logGroup, { allowed: 'names of log groups' }),
  },
  alarms: {
    value: 'NAME,...',
    description: 'CloudWatch alarms that are watched during a rollout. Default: none.',
    type: judgeInputs.alarms.type,
  },
} as const satisfies Options;
