import { HOUR, SECOND } from '../core/time/clock.ts';
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
import { map, mapWithBareKeys } from './types/map.ts';
import { fraction, number } from './types/number.ts';
import { smokeTests } from './types/smoke-tests.ts';
import { steps } from './types/steps.ts';
import { choice, ecsName, path, region, roleArn, text, booleanInput, url, webAddress } from './types/text.ts';
import { wholeNumber } from './types/whole-number.ts';
import { type StrategyInput, CHOICES } from '../core/plan/strategies.ts';

const DAY = 24 * HOUR;

/** Where else inputs may stand. */
export const configInputs = {
  config: {
    description:
      "Path of ecs-ramp.yml, relative to the workspace: what it says of the service stands for inputs that are not given. service is then the service's name in that file. Default: none is read.",
    kind: path,
    default: null,
  },
  environment: {
    description: 'Environment in that file. Default: the one that the branch is deployed to.',
    kind: text({ allowed: 'the name of an environment in the file' }),
    default: null,
  },
} as const satisfies Definitions;

/** What is released. */
export const releaseInputs = {
  service: {
    description: 'Name of the ECS service to deploy. Required.',
    kind: ecsName('an ECS service'),
    default: null,
    required: 'name the ECS service to deploy',
  },
  cluster: {
    description: 'Name of the ECS cluster that the service runs in. Default: default.',
    kind: ecsName('an ECS cluster'),
    default: 'default',
  },
  image: {
    description:
      'An image that exists, as NAME:TAG or better NAME@sha256:DIGEST. Nothing is built then, and no input of the build may be given.',
    kind: imageReference,
    default: null,
  },
} as const satisfies Definitions;

export const buildInputs = {
  context: {
    description:
      'Path of the build context, absolute or relative to the workspace. Default: the workspace itself.',
    kind: path,
    default: null,
  },
  file: {
    description: 'Path of the Dockerfile. Default: Dockerfile in the context.',
    kind: path,
    default: null,
  },
  target: {
    description: 'Stage of the Dockerfile to build. Default: the last one.',
    kind: text({ allowed: 'the name of a stage' }),
    default: null,
  },
  'build-args': {
    description:
      'Build arguments, KEY=value, one a line. A KEY alone takes the value of the environment variable of that name, which must be set.',
    kind: mapWithBareKeys({ allowed: 'KEY=value or KEY, one a line', key: /^[^\s=]+$/ }),
    default: null,
  },
  'build-secrets': {
    description:
      'Secrets for RUN --mount=type=secret, id=value, one a line; an entry whose value has several lines is put in double quotes as a whole. They are masked in the log and never end up in the image.',
    kind: map({ allowed: 'id=value, one a line', key: /^[^\s=,]+$/, secret: true }),
    default: null,
  },
  labels: {
    description:
      'Labels of the image, KEY=value, one a line, besides those of the OCI (revision, source, created) that are set anyway.',
    kind: map({ allowed: 'KEY=value, one a line', key: /^[^\s=]+$/ }),
    default: null,
  },
  platforms: {
    description:
      'Platforms to build for, such as linux/arm64, separated by commas or newlines. Default: that of the Docker engine.',
    kind: list(platform, { allowed: platform.allowed }),
    default: null,
  },
  'cache-from': {
    description:
      'Images whose layers may be reused, one a line, as IMAGE or type=registry,ref=IMAGE. They need the inline cache in them.',
    kind: lines(cacheReference, { allowed: 'IMAGE or type=registry,ref=IMAGE' }),
    default: null,
  },
  tags: {
    description:
      "Tags of the image, separated by commas or newlines; the first one names the release. Default: the commit's full SHA.",
    kind: list(tag, { allowed: tag.allowed }),
    default: null,
  },
  repository: {
    description:
      "The image's name inside the registry, without host and tag, such as shop/web. Required unless image is given.",
    kind: repositoryName,
    default: null,
  },
  registry: {
    description:
      "Host of a private registry, with its port where it has one. Default: the account's own Amazon ECR, which needs no username and password.",
    kind: registryHost,
    default: null,
  },
  'registry-username': {
    description: 'User name at the private registry. Goes together with registry-password.',
    kind: text({ allowed: 'a user name' }),
    default: null,
  },
  'registry-password': {
    description: 'Password or token at the private registry. It is masked, and sent to that registry only.',
    kind: text({ allowed: 'a password on one line', secret: true }),
    default: null,
  },
} as const satisfies Definitions;

export const taskDefinitionInputs = {
  'task-definition': {
    description:
      'Path of a task definition in JSON, with the keys that aws ecs register-task-definition takes. Default: the one that the service runs now.',
    kind: path,
    default: null,
  },
  'container-name': {
    description:
      'Container that gets the image, the variables and the secrets. Default: the only one; required if there are several.',
    kind: ecsName('a container'),
    default: null,
  },
  'environment-variables': {
    description:
      "Environment variables to set in the container, KEY=value, one a line. The container's others are kept.",
    kind: map({ allowed: 'KEY=value, one a line', key: /^[^\s=]+$/ }),
    default: null,
  },
  secrets: {
    description:
      "Secrets to set in the container, KEY=valueFrom, one a line: the ARN of a Secrets Manager secret, or ARN or name of an SSM parameter. The container's others are kept.",
    kind: map({
      allowed: 'KEY=ARN of a secret, one a line',
      key: /^[^\s=]+$/,
      secret: true,
      valueProblem: (value) =>
        /^arn:aws[\w-]*:(secretsmanager|ssm):\S+$|^[\w./-]+$/.test(value)
          ? null
          : {
              problem: 'is no reference to a secret',
              fix: 'give the ARN of a Secrets Manager secret or an SSM parameter, never the secret itself',
            },
    }),
    default: null,
  },
} as const satisfies Definitions;

export const rolloutInputs = {
  strategy: {
    description: `How the new revision comes in: ${CHOICES.map(({ input, means }) => `${input} (${means})`).join(', or ')}. Default: canary.`,
    kind: choice<StrategyInput>(...CHOICES.map(({ input }) => input)),
    default: 'canary',
  },
  steps: {
    description:
      'Percentages of production traffic that the new revision gets, in ascending order, the last one 100. Default: 10,30,60,90,100.',
    kind: steps,
    default: '10,30,60,90,100',
  },
  'bake-time': {
    description:
      'Least time at each step before the next one, as 90s, 5m or 1h30m; shorter than step-timeout. Default: 5m.',
    kind: duration({ from: 0, to: DAY }),
    default: '5m',
  },
  'step-timeout': {
    description:
      'Longest time at each step, 30s to 24h; by then the evidence is inconclusive. If the job dies, ECS rolls back soon after it. Default: 30m.',
    kind: duration({ from: 30 * SECOND, to: DAY }),
    default: '30m',
  },
  'start-timeout': {
    description:
      'Longest time for the new revision to start and become healthy, 1s to 24h; then it is rolled back. Default: 10m.',
    kind: duration({ from: SECOND, to: DAY }),
    default: '10m',
  },
  'keep-old': {
    description:
      'How long the old revision stays ready after 100%, so that a rollback takes seconds: whole minutes, 0 to 24h. Default: 10m.',
    kind: duration({ from: 0, to: DAY, also: wholeMinutes }),
    default: '10m',
  },
  gates: {
    description:
      'What else is waited for at a step, one a line: PERCENT approval DEADLINE, PERCENT webhook DEADLINE URL, or PERCENT command DEADLINE PROGRAM ARGUMENTS. PERCENT is a step below 100, or 0: before any production traffic. If it has not passed by its deadline, it is rolled back.',
    kind: gates,
    default: null,
  },
  'smoke-test': {
    description:
      'Requests to the new revision through the test listener before any production traffic, PATH [STATUS] [xTIMES], one a line; every answer must have the status. Status 200 and x3 if left out.',
    kind: smokeTests,
    default: null,
  },
  'smoke-test-url': {
    description:
      'Where smoke tests are sent, as http://HOST:PORT. Default: the test listener of the load balancer.',
    kind: url,
    default: null,
  },
} as const satisfies Definitions;

export const judgeInputs = {
  'metric-period': {
    description:
      'Period of the CloudWatch metrics: 1s, 5s, 10s, 30s or a multiple of 60s. Load balancers publish every 60s. Default: 60s.',
    kind: duration({ from: SECOND, to: DAY, also: cloudWatchPeriod }),
    default: '60s',
  },
  'metric-delay': {
    description:
      'How late metrics arrive: periods younger than this are not judged yet. A duration from 0 to 1h. Default: 2m.',
    kind: duration({ from: 0, to: HOUR }),
    default: '2m',
  },
  'warm-up': {
    description:
      'How long the new revision may warm up: its first production traffic is shown but not judged, except for catastrophes. A duration from 0 to 24h. Default: 3m.',
    kind: duration({ from: 0, to: DAY }),
    default: '3m',
  },
  'false-alarm-rate': {
    description:
      'Probability that a good release is rolled back by chance, over the whole rollout: a fraction or percentage, at most 0.5. Default: 0.01.',
    kind: fraction({ to: 0.5 }),
    default: '0.01',
  },
  'error-tolerance': {
    description:
      "Error rate that is good enough to go on to the next step (or twice the old revision's, if that is more): a fraction or percentage, at most 0.5. Default: 0.01.",
    kind: fraction({ to: 0.5 }),
    default: '0.01',
  },
  'max-error-rate': {
    description:
      'Error rate that is never acceptable, whatever the old revision does: a fraction or percentage, at most 0.5. Default: 0.05.',
    kind: fraction({ to: 0.5 }),
    default: '0.05',
  },
  'latency-margin': {
    description:
      'How many times the old latency the new one may be: 1.2 allows 20% more. A number from 1 to 100. Default: 1.2.',
    kind: number({ from: 1, to: 100 }),
    default: '1.2',
  },
  metrics: {
    description:
      'CloudWatch metrics of your own by version, one a line: NAME = BAD of TOTAL is judged like errors, NAME = Statistic(METRIC) <= MAX like max-error-rate. A metric is Namespace/Metric{Dimension=value,...}; {revision}, {task-definition} or {target-group} in a value tells the versions apart.',
    kind: customMetrics,
    default: null,
  },
  alarms: {
    description:
      'Names of CloudWatch alarms, one a line: one that is quiet at the start and fires during the rollout rolls back by itself. One that is firing already is told and ignored.',
    kind: lines(text({ allowed: 'the name of a CloudWatch alarm' }), {
      allowed: 'names of CloudWatch alarms',
    }),
    default: null,
  },
} as const satisfies Definitions;

export const exceptionInputs = {
  'on-inconclusive': {
    description:
      'What happens at the end of step-timeout if the evidence is neither good nor bad: rollback or continue. Default: rollback.',
    kind: choice('rollback', 'continue'),
    default: 'rollback',
  },
  'on-conflict': {
    description:
      "What happens if somebody else's deployment of the service is under way: wait for its end, or fail. Default: wait.",
    kind: choice('wait', 'fail'),
    default: 'wait',
  },
  'conflict-timeout': {
    description: "Longest wait for somebody else's deployment, 0 to 24h. Default: 30m.",
    kind: duration({ from: 0, to: DAY }),
    default: '30m',
  },
  'on-cancel': {
    description:
      'What happens to the rollout if the job is cancelled: rollback at once, or leave it to ECS, which rolls back by itself after step-timeout. Default: rollback.',
    kind: choice('rollback', 'leave'),
    default: 'rollback',
  },
  'on-newer': {
    description:
      'What happens if a newer commit is live already, as when this run has waited for long: fail before anything is started, or deploy the older one. A workflow started by hand, and a re-run whose commit was live before, deploy it anyway. Default: fail.',
    kind: choice('fail', 'deploy'),
    default: 'fail',
  },
} as const satisfies Definitions;

export const runInputs = {
  'dry-run': {
    description:
      'Whether to say only what would be done: everything is checked that can be read, and nothing is changed. true or false. Default: false.',
    kind: booleanInput,
    default: 'false',
  },
  'events-file': {
    description:
      'Where the event trail is written, as JSON lines. Default: ecs-ramp/SERVICE/events.jsonl in the temporary directory of the runner.',
    kind: path,
    default: null,
  },
  'summary-file': {
    description: 'Where the summary is written, as Markdown. Default: summary.md beside the event trail.',
    kind: path,
    default: null,
  },
} as const satisfies Definitions;

/** What stays of a service's earlier releases; `reconcile` takes the rest away. */
export const retentionInputs = {
  'keep-revisions': {
    description:
      'How many of the newest task definition revisions of each service stay, 2 to 1000; older ones that ecs-ramp registered and nothing in the region uses are deregistered, twenty at a time. Default: all stay.',
    kind: wholeNumber({ from: 2, to: 1_000 }),
    default: null,
  },
  'keep-images': {
    description:
      "How many of the newest images in each service's repository in ECR stay, keep-revisions to 10000; older ones that ecs-ramp released, that nobody pulled for a week and that nothing in the region uses are deleted, twenty at a time. Only where ecs-ramp.yml names the repository. Default: all stay.",
    kind: wholeNumber({ from: 2, to: 10_000 }),
    default: null,
  },
} as const satisfies Definitions;

/** How AWS is reached. */
export const awsInputs = {
  'aws-region': {
    description: 'The AWS region. Default: that of the environment (AWS_REGION, AWS_DEFAULT_REGION).',
    kind: region,
    default: null,
  },
  'role-to-assume': {
    description:
      "ARN of an IAM role to work as. Its session is begun with a token of GitHub's (permissions: id-token: write), or else with the credentials of the environment, and renewed for as long as it takes. Default: the credentials of the environment as they are.",
    kind: roleArn,
    default: null,
  },
  'role-chaining': {
    description:
      'Whether role-to-assume is assumed with the credentials of the environment even if GitHub would give a token. true or false. Default: false.',
    kind: booleanInput,
    default: 'false',
  },
} as const satisfies Definitions;

/** Where else it is told what happens: GitHub and a webhook. */
export const notificationInputs = {
  'github-deployment': {
    description:
      'Whether the rollout is a deployment on GitHub, of the environment ENVIRONMENT/SERVICE, or CLUSTER/SERVICE where no environment is known. Needs permissions: deployments: write. true or false. Default: false.',
    kind: booleanInput,
    default: 'false',
  },
  'environment-url': {
    description: 'Where the service is seen, for the deployment on GitHub. {service} stands for its name.',
    kind: webAddress(),
    default: null,
  },
  'commit-status': {
    description:
      'Whether the commit gets a status, ecs-ramp/ENVIRONMENT/SERVICE. Needs permissions: statuses: write. true or false. Default: false.',
    kind: booleanInput,
    default: 'false',
  },
  comment: {
    description:
      'Whether the pull request that the commit comes from gets a comment, one for each service, updated in place: what became of it; with dry-run what would be done. Needs permissions: pull-requests: write. true or false. Default: false.',
    kind: booleanInput,
    default: 'false',
  },
  'issue-on-rollback': {
    description:
      'Whether a rollback opens an issue with the evidence, or adds to the one that is open; the next release that is deployed closes it. Needs permissions: issues: write. true or false. Default: false.',
    kind: booleanInput,
    default: 'false',
  },
  'github-token': {
    description: "Token for GitHub's API. Without one nothing is told there. Default: the token of the job.",
    kind: text({ allowed: 'a token on one line', secret: true }),
    default: null,
    runnerDefault: '${{ github.token }}',
  },
  webhook: {
    description:
      'URL that is told, as JSON by POST, of the beginning, a rollback that is asked for, and the end. It is masked; failures are told and harm nothing.',
    kind: webAddress({ secret: true }),
    default: null,
  },
  'webhook-format': {
    description:
      "How the webhook is told: json, which Slack's incoming webhooks take too, or teams, the same with a card for Microsoft Teams. Default: json.",
    kind: choice('json', 'teams'),
    default: 'json',
  },
} as const satisfies Definitions;

/** Every input that actions share; an action may have others of its own. */
export type KnownInputs = typeof releaseInputs &
  typeof buildInputs &
  typeof taskDefinitionInputs &
  typeof rolloutInputs &
  typeof judgeInputs &
  typeof exceptionInputs &
  typeof awsInputs &
  typeof runInputs;
