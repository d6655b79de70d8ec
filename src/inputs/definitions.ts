import { DAY, HOUR, SECOND } from '../core/time/clock.ts';
import type { Definitions } from './definition.ts';
import {
  cacheReference,
  imageReference,
  platform,
  registryHost,
  repositoryName,
  tag,
} from './types/docker.ts';
import { customMetrics } from './types/custom-metrics.ts';
import { cloudWatchPeriod, duration, wholeMinutes } from './types/duration.ts';
import { gates } from './types/gates.ts';
import { lines, list } from './types/list.ts';
import { map, mapWithBareKeys, secretMap } from './types/map.ts';
import { fraction, number } from './types/number.ts';
import { smokeTests } from './types/smoke-tests.ts';
import { steps } from './types/steps.ts';
import {
  accountId,
  choice,
  ecsName,
  path,
  region,
  roleArn,
  secretText,
  secretWebAddress,
  text,
  booleanInput,
  url,
  webAddress,
} from './types/text.ts';
import { wholeNumber } from './types/whole-number.ts';
import { RISKS } from '../core/plan/risks.ts';
import { type StrategyInput, CHOICES } from '../core/plan/strategies.ts';

/** The longest pause of ECS. */
const LONGEST_PAUSE = 14 * DAY;

/** The file that provides inputs which are not given. */
export const configInputs = {
  config: {
    description:
      "Path of ecs-ramp.yml, relative to the workspace. Its settings for the service apply to inputs that are not given, and service is the service's name in that file. Default: no file is read.",
    type: path,
    default: null,
  },
  environment: {
    description: 'Environment in ecs-ramp.yml. Default: the environment that the branch is deployed to.',
    type: text({ allowed: 'the name of an environment in the file' }),
    default: null,
  },
} as const satisfies Definitions;

/** What to release. */
export const releaseInputs = {
  service: {
    description: 'Name of the ECS service to deploy. Required.',
    type: ecsName('an ECS service'),
    default: null,
    required: 'name the ECS service to deploy',
  },
  cluster: {
    description: 'Name of the ECS cluster that the service runs in. Default: default.',
    type: ecsName('an ECS cluster'),
    default: 'default',
  },
  image: {
    description:
      'Existing image to deploy, as NAME:TAG or, better, NAME@sha256:DIGEST. No image is built, and build inputs are not allowed.',
    type: imageReference,
    default: null,
  },
} as const satisfies Definitions;

export const buildInputs = {
  context: {
    description:
      'Path of the build context, absolute or relative to the workspace. Default: the workspace itself.',
    type: path,
    default: null,
  },
  file: {
    description: 'Path of the Dockerfile. Default: Dockerfile in the context.',
    type: path,
    default: null,
  },
  target: {
    description: 'Stage of the Dockerfile to build. Default: the last stage.',
    type: text({ allowed: 'the name of a stage' }),
    default: null,
  },
  'build-args': {
    description:
      'Build arguments, one KEY=value per line. A KEY without a value takes the value of the environment variable of that name, which must be set.',
    type: mapWithBareKeys({ allowed: 'one KEY=value or KEY per line', key: /^[^\s=]+$/ }),
    default: null,
  },
  'build-secrets': {
    description:
      'Secrets for RUN --mount=type=secret, one id=value per line; put the whole entry in double quotes if the value has several lines. They are masked in the log and never stored in the image.',
    type: secretMap({ allowed: 'one id=value per line', key: /^[^\s=,]+$/ }),
    default: null,
  },
  labels: {
    description:
      'Labels of the image, one KEY=value per line. The OCI labels revision, source and created are set in addition.',
    type: map({ allowed: 'one KEY=value per line', key: /^[^\s=]+$/ }),
    default: null,
  },
  platforms: {
    description:
      'Platforms to build for, such as linux/arm64, separated by commas or newlines. Default: the platform of the Docker engine.',
    type: list(platform, { allowed: platform.allowed }),
    default: null,
  },
  'cache-from': {
    description:
      'Images whose layers the build may reuse, one per line, as IMAGE or type=registry,ref=IMAGE. They must contain an inline cache.',
    type: lines(cacheReference, { allowed: 'IMAGE or type=registry,ref=IMAGE' }),
    default: null,
  },
  'reuse-image': {
    description:
      'Whether to use an image that was already built from the same files, Dockerfile and inputs, instead of building it again: no Docker engine is needed, and nothing is sent. Every image gets one more tag, src-HASH, to be found by. Base images do not count, nor does what a build downloads: docs/monorepo.md describes how to renew them. true or false. Default: false.',
    type: booleanInput,
    default: null,
  },
  tags: {
    description:
      'Tags of the image, separated by commas or newlines. The first tag names the release. Default: the full SHA of the commit.',
    type: list(tag, { allowed: tag.allowed }),
    default: null,
  },
  repository: {
    description:
      'Name of the image inside the registry, without host and tag, such as shop/web. Required unless image is given.',
    type: repositoryName,
    default: null,
  },
  registry: {
    description:
      "Host of a private registry, with its port if it has one. Default: the account's own Amazon ECR, which requires no username and password.",
    type: registryHost,
    default: null,
  },
  'registry-username': {
    description:
      "User name for the private registry. Requires registry-password. Without it, Docker's own login is used.",
    type: text({ allowed: 'a user name' }),
    default: null,
  },
  'registry-password': {
    description:
      'Password or token for the private registry. It is masked in the log and sent only to that registry.',
    type: secretText({ allowed: 'a password on one line' }),
    default: null,
  },
} as const satisfies Definitions;

export const taskDefinitionInputs = {
  'task-definition': {
    description:
      'Path of a task definition in JSON, with the keys that aws ecs register-task-definition accepts. Default: the task definition that the service runs now.',
    type: path,
    default: null,
  },
  'container-name': {
    description:
      'Container that gets the image, the environment variables and the secrets. Default: the only container; required if there are several.',
    type: ecsName('a container'),
    default: null,
  },
  'environment-variables': {
    description:
      'Environment variables to set in the container, one KEY=value per line. The other variables of the container are kept.',
    type: map({ allowed: 'one KEY=value per line', key: /^[^\s=]+$/ }),
    default: null,
  },
  secrets: {
    description:
      'Secrets to set in the container, one KEY=valueFrom per line: the ARN of a Secrets Manager secret, or the ARN or name of an SSM parameter. The other secrets of the container are kept.',
    type: map({
      allowed: 'one KEY=ARN of a secret per line',
      key: /^[^\s=]+$/,
      secret: true,
      valueProblem: (value) =>
        /^arn:aws[\w-]*:(secretsmanager|ssm):\S+$|^[\w./-]+$/.test(value)
          ? null
          : {
              problem: 'is not a reference to a secret',
              fix: 'give the ARN of a Secrets Manager secret or an SSM parameter, never the secret itself',
            },
    }),
    default: null,
  },
  forbid: {
    description:
      'What a release must not have, separated by commas: privileged (containers with the rights of root on their host, or without its protection by AppArmor, SELinux or seccomp), host-network, host-namespaces, host-volumes, task-role-change, execution-role-change, or public-ip (of the service). A plan warns of all of them, a release of those that the running tasks do not have.',
    type: list(choice(...RISKS), { allowed: RISKS.join(', ') }),
    default: null,
  },
} as const satisfies Definitions;

export const rolloutInputs = {
  strategy: {
    description: `Strategy of the rollout: ${CHOICES.map(({ input, means }) => `${input} (${means})`).join(', or ')}. Default: canary.`,
    type: choice<StrategyInput>(...CHOICES.map(({ input }) => input)),
    default: 'canary',
  },
  steps: {
    description:
      'Percentages of production traffic that the new revision gets, in ascending order. The last one is 100. Default: 10,30,60,90,100.',
    type: steps,
    default: '10,30,60,90,100',
  },
  'bake-time': {
    description:
      'Minimum time at each step before the next one, such as 90s, 5m or 1h30m. Must be shorter than step-timeout. Default: 5m.',
    type: duration({ from: 0, to: DAY }),
    default: '5m',
  },
  'step-timeout': {
    description:
      'Maximum time at each step, 30s to 24h. Without a verdict by then, the evidence is inconclusive. If the job dies, ECS rolls back soon after this time. Default: 30m.',
    type: duration({ from: 30 * SECOND, to: DAY }),
    default: '30m',
  },
  'start-timeout': {
    description:
      'Maximum time for the new tasks to start and become healthy, 1s to 24h, counted from when ECS has found room for them. After that the release is rolled back. Default: 10m.',
    type: duration({ from: SECOND, to: DAY }),
    default: '10m',
  },
  'capacity-timeout': {
    description:
      'Maximum time to wait for room in the cluster, 0s to 24h: for the new tasks at the start, and for tasks that ECS or EC2 took away during a step. After that the rollout ends, and the release is not blamed. Default: 30m.',
    type: duration({ from: 0, to: DAY }),
    default: '30m',
  },
  'keep-old': {
    description:
      'How long the old revision is kept after 100%, so that a rollback takes seconds: whole minutes, 0 to 14d. The next release ends it. Default: 10m.',
    type: duration({ from: 0, to: LONGEST_PAUSE, also: wholeMinutes }),
    default: '10m',
  },
  gates: {
    description:
      'Extra conditions of steps, one per line: PERCENT approval DEADLINE, PERCENT webhook DEADLINE URL, or PERCENT command DEADLINE PROGRAM ARGUMENTS. PERCENT is a step below 100, or 0 for before any production traffic. If a gate does not pass by its deadline, the release is rolled back.',
    type: gates,
    default: null,
  },
  'smoke-test': {
    description:
      'Requests to the new revision through the test listener before any production traffic, one PATH [STATUS] [xTIMES] per line. Every response must have the status. Redirects are not followed. Without STATUS and xTIMES: 200 and x3.',
    type: smokeTests,
    default: null,
  },
  'smoke-test-url': {
    description:
      'URL that smoke tests are sent to, as http://HOST:PORT or https://HOST:PORT. The host is also the name that the certificate must be valid for. Default: the test listener of the load balancer.',
    type: url,
    default: null,
  },
} as const satisfies Definitions;

export const judgeInputs = {
  'metric-period': {
    description:
      'Period of the CloudWatch metrics: 1s, 5s, 10s, 30s or a multiple of 60s. Load balancers publish every 60s. Default: 60s.',
    type: duration({ from: SECOND, to: DAY, also: cloudWatchPeriod }),
    default: '60s',
  },
  'metric-delay': {
    description:
      'How late metrics arrive: more recent periods are not evaluated yet. A duration from 0 to 1h. Default: 2m.',
    type: duration({ from: 0, to: HOUR }),
    default: '2m',
  },
  'warm-up': {
    description:
      'How long the new revision may warm up: its first production traffic is shown but not evaluated, except for catastrophic failures. A duration from 0 to 24h. Default: 3m.',
    type: duration({ from: 0, to: DAY }),
    default: '3m',
  },
  'false-alarm-rate': {
    description:
      'Probability that a good release is rolled back by chance, over the whole rollout: a fraction or percentage, at most 0.5. Default: 0.01.',
    type: fraction({ to: 0.5 }),
    default: '0.01',
  },
  'error-tolerance': {
    description:
      "Highest error rate that allows the next step (or twice the old revision's error rate, if that is higher): a fraction or percentage, at most 0.5. Default: 0.01.",
    type: fraction({ to: 0.5 }),
    default: '0.01',
  },
  'max-error-rate': {
    description:
      'Error rate that is never acceptable, regardless of the old revision: a fraction or percentage, at most 0.5. Default: 0.05.',
    type: fraction({ to: 0.5 }),
    default: '0.05',
  },
  'latency-margin': {
    description:
      'Highest acceptable ratio of the new latency to the old latency: 1.2 allows 20% more. A number from 1 to 100. Default: 1.2.',
    type: number({ from: 1, to: 100 }),
    default: '1.2',
  },
  metrics: {
    description:
      'Your own CloudWatch metrics per revision, one per line: NAME = BAD of TOTAL is evaluated like errors, NAME = Statistic(METRIC) <= MAX like max-error-rate. A metric is Namespace/Metric{Dimension=value,...}; {revision}, {task-definition} or {target-group} in a value distinguishes the revisions.',
    type: customMetrics,
    default: null,
  },
  alarms: {
    description:
      'Names of CloudWatch alarms (metric, composite or log alarms), one per line. An alarm that fires during the rollout causes a rollback; an alarm that already fires at the start is reported and ignored.',
    type: lines(text({ allowed: 'the name of a CloudWatch alarm' }), {
      allowed: 'names of CloudWatch alarms',
    }),
    default: null,
  },
} as const satisfies Definitions;

export const exceptionInputs = {
  'on-inconclusive': {
    description:
      'What happens at the end of step-timeout if the evidence is neither good nor bad: rollback or continue. Default: rollback.',
    type: choice('rollback', 'continue'),
    default: 'rollback',
  },
  'on-no-room': {
    description:
      'What happens before the build if there is no room for the new tasks (instances, the Fargate quota, or addresses of the subnets): warn or fail. Default: warn.',
    type: choice('warn', 'fail'),
    default: 'warn',
  },
  'container-logs': {
    description:
      'Whether the last log lines of a failed container are shown in the log of the job, its summary, the report and comments, which everybody can read in a public repository: show, or hide, which only names the log stream. Default: show.',
    type: choice('show', 'hide'),
    default: 'show',
  },
  'on-conflict': {
    description:
      'What happens if another deployment of the service is in progress: wait for its end, or fail. Default: wait.',
    type: choice('wait', 'fail'),
    default: 'wait',
  },
  'conflict-timeout': {
    description: 'Maximum time to wait for another deployment, 0 to 24h. Default: 30m.',
    type: duration({ from: 0, to: DAY }),
    default: '30m',
  },
  'on-cancel': {
    description:
      'What happens to the rollout if the job is cancelled: rollback (at once) or leave (ECS rolls back by itself after step-timeout). Default: rollback.',
    type: choice('rollback', 'leave'),
    default: 'rollback',
  },
  'on-newer': {
    description:
      'What happens if a newer commit is already live: fail (before anything is started) or deploy (the older commit). A manually started workflow, and a re-run whose commit was live before, always deploy. Default: fail.',
    type: choice('fail', 'deploy'),
    default: 'fail',
  },
} as const satisfies Definitions;

export const runInputs = {
  'dry-run': {
    description:
      'Whether to report only what would be done. Everything that can be read is checked, and nothing is changed. true or false. Default: false.',
    type: booleanInput,
    default: 'false',
  },
  'events-file': {
    description:
      'Path of the event trail to write, as JSON lines. Default: ecs-ramp/SERVICE/events.jsonl in the temporary directory of the runner.',
    type: path,
    default: null,
  },
  'summary-file': {
    description:
      'Path of the summary to write, as Markdown. Default: summary.md in the folder of the event trail.',
    type: path,
    default: null,
  },
} as const satisfies Definitions;

/** How many of a service's earlier releases are kept; `reconcile` deletes the rest. */
export const retentionInputs = {
  'keep-revisions': {
    description:
      'How many of the newest task definition revisions of each service to keep, 2 to 1000. Older revisions that ecs-ramp registered and that nothing in the region uses are deregistered, twenty at a time. Default: all are kept.',
    type: wholeNumber({ from: 2, to: 1_000 }),
    default: null,
  },
  'keep-images': {
    description:
      "How many of the newest images to keep in each service's ECR repository, keep-revisions to 10000. Older images that ecs-ramp released, that were not pulled for a week and that nothing in the region uses are deleted, twenty at a time. Requires that ecs-ramp.yml names the repository. Default: all are kept.",
    type: wholeNumber({ from: 2, to: 10_000 }),
    default: null,
  },
} as const satisfies Definitions;

/** Access to AWS. */
export const awsInputs = {
  'aws-region': {
    description:
      'AWS region. Default: the region of the environment (AWS_REGION, AWS_DEFAULT_REGION, or the profile).',
    type: region,
    default: null,
  },
  'role-to-assume': {
    description:
      'ARN of an IAM role to assume with a GitHub OIDC token (requires permissions: id-token: write) or, without one, with the credentials of the environment. The session is renewed as long as needed. Default: the credentials of the environment are used directly.',
    type: roleArn,
    default: null,
  },
  'role-chaining': {
    description:
      'Whether to assume role-to-assume with the credentials of the environment even if a GitHub OIDC token is available. true or false. Default: false.',
    type: booleanInput,
    default: 'false',
  },
  'allowed-account-ids': {
    description:
      'The AWS accounts that may be used, separated by commas. With credentials of another account, the job fails before it reads or changes anything in AWS. Default: any.',
    type: list(accountId, { allowed: 'ids of AWS accounts' }),
    default: null,
  },
} as const satisfies Definitions;

/** Notifications: GitHub and a webhook. */
export const notificationInputs = {
  'github-deployment': {
    description:
      'Whether to record the rollout as a GitHub deployment in the environment ENVIRONMENT/SERVICE, or CLUSTER/SERVICE if no environment is known. Requires permissions: deployments: write. true or false. Default: false.',
    type: booleanInput,
    default: 'false',
  },
  'environment-url': {
    description:
      'URL of the service, shown with the GitHub deployment. {service} is replaced with the name of the service.',
    type: webAddress,
    default: null,
  },
  'commit-status': {
    description:
      'Whether to set the commit status ecs-ramp/ENVIRONMENT/SERVICE. Requires permissions: statuses: write. true or false. Default: false.',
    type: booleanInput,
    default: 'false',
  },
  comment: {
    description:
      'Whether to comment on the pull request of the commit, with one comment per service that is updated in place. It shows the result of the rollout or, with dry-run, the plan. Requires permissions: pull-requests: write. true or false. Default: false.',
    type: booleanInput,
    default: 'false',
  },
  'issue-on-rollback': {
    description:
      'Whether a rollback opens an issue with the evidence, or adds to the issue that is already open. The next deployed release closes it. Requires permissions: issues: write. true or false. Default: false.',
    type: booleanInput,
    default: 'false',
  },
  'github-token': {
    description:
      'Token for the GitHub API. Without a token, GitHub gets no notifications. Default: the token of the job.',
    type: secretText({ allowed: 'a token on one line' }),
    default: null,
    runnerDefault: '${{ github.token }}',
  },
  webhook: {
    description:
      'URL that receives a JSON POST when a rollout starts, when a rollback is requested, and when the rollout ends. It is masked in the log. Failed calls are reported and do not affect the rollout.',
    type: secretWebAddress,
    default: null,
  },
  'webhook-format': {
    description:
      'Format of the webhook: json (also accepted by Slack incoming webhooks) or teams (the same with a card for Microsoft Teams). Default: json.',
    type: choice('json', 'teams'),
    default: 'json',
  },
} as const satisfies Definitions;

/** The inputs that actions share. An action may have additional inputs. */
export type KnownInputs = typeof releaseInputs &
  typeof buildInputs &
  typeof taskDefinitionInputs &
  typeof rolloutInputs &
  typeof judgeInputs &
  typeof exceptionInputs &
  typeof awsInputs &
  typeof runInputs;
