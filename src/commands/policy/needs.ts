import type { ServiceNames } from './names.ts';
import type { StatementName } from './statements.ts';

/** What a role may be for. */
export const USES = [
  'deploy',
  'plan',
  'rollback',
  'reconcile',
  'clean-up',
  'delete-images',
  'continue',
  'abort',
  'status',
  'history',
  'judge',
] as const;

export type Use = (typeof USES)[number];

/** One action that a role must be allowed: the source of the printed policy and of the table in docs/permissions.md. */
export interface Need {
  readonly action: string;
  readonly statement: StatementName;
  readonly uses: readonly Use[];
  /** Which services it is needed for; left out, for all. */
  readonly where?: (names: ServiceNames) => boolean;
  /** What it is needed for, where it is no call of ecs-ramp's own. */
  readonly because?: string;
  /** What is worse without it; left out: it does not work, and says so. */
  readonly without?: string;
}

const MOVING = ['deploy', 'rollback', 'reconcile'] as const;
const ANSWERING = ['continue', 'abort'] as const;
const LOOKING = ['status', 'history'] as const;
const RELEASING = ['deploy', 'rollback'] as const;
const CHECKING = ['deploy', 'plan', 'rollback', 'reconcile'] as const;

const isBalanced = ({ infrastructureRole }: ServiceNames) => infrastructureRole !== null;
const hasTargets = (names: ServiceNames) => isBalanced(names) || names.rolling;
const hasAlarms = ({ alarms }: ServiceNames) => alarms;
const builds = ({ repository }: ServiceNames) => repository?.builds === true;
const isEveryService = ({ service }: ServiceNames) => service === '*';

const GONE = 'a cluster or service that is gone is answered without the names of those that are there';

export const NEEDS: readonly Need[] = [
  {
    action: 'ecs:DescribeServices',
    statement: 'Service',
    uses: [...CHECKING, ...ANSWERING, ...LOOKING, 'judge'],
  },
  {
    action: 'ecs:ListServiceDeployments',
    statement: 'Service',
    uses: [...CHECKING, ...ANSWERING, 'history', 'delete-images'],
  },
  { action: 'ecs:UpdateService', statement: 'Service', uses: MOVING },
  { action: 'ecs:ContinueServiceDeployment', statement: 'ServiceDeployments', uses: RELEASING },
  {
    action: 'ecs:ContinueServiceDeployment',
    statement: 'ServiceDeployments',
    uses: ['reconcile'],
    without: 'a rollout that waits at a pause is stopped',
  },
  {
    action: 'ecs:DescribeServiceDeployments',
    statement: 'ServiceDeployments',
    uses: [...CHECKING, ...ANSWERING, ...LOOKING, 'delete-images'],
  },
  {
    action: 'ecs:DescribeServiceRevisions',
    statement: 'ServiceDeployments',
    uses: [...CHECKING, ...LOOKING, 'delete-images'],
  },
  { action: 'ecs:StopServiceDeployment', statement: 'ServiceDeployments', uses: [...MOVING, 'abort'] },
  { action: 'ecs:DescribeTasks', statement: 'Tasks', uses: CHECKING },
  {
    action: 'ecs:ListServices',
    statement: 'ListsOfTheCluster',
    uses: ['reconcile', 'status'],
    where: isEveryService,
  },
  {
    action: 'ecs:ListServices',
    statement: 'ListsOfTheCluster',
    uses: [...CHECKING, ...ANSWERING, ...LOOKING],
    where: (names) => !isEveryService(names),
    without: GONE,
  },
  { action: 'ecs:ListTasks', statement: 'ListsOfTheCluster', uses: CHECKING },
  { action: 'ecs:RegisterTaskDefinition', statement: 'TaskDefinition', uses: RELEASING },
  {
    action: 'ecs:TagResource',
    statement: 'TagsOfTheTaskDefinition',
    uses: RELEASING,
    because:
      'the tags of a task definition are kept, and those added that say which commit and run it comes from',
    without: 'nothing says which commit and run a release comes from, and every release warns of that',
  },
  {
    action: 'ecs:TagResource',
    statement: 'LeaseAndMemoryOnTheService',
    uses: MOVING,
    without:
      'nothing keeps two runs from acting on the service at once, a run that dies leaves the strategy of the rollout on the service, and every run warns of both',
  },
  { action: 'ecs:TagResource', statement: 'LeaseAndMemoryOnTheService', uses: ['continue'] },
  {
    action: 'ecs:TagResource',
    statement: 'LeaseAndMemoryOnTheService',
    uses: ['abort'],
    without: 'the run does not say who aborted it and why',
  },
  {
    action: 'ecs:UntagResource',
    statement: 'LeaseAndMemoryOnTheService',
    uses: RELEASING,
    without: 'the tags of a run stay on the service, and every run warns of that',
  },
  { action: 'ecs:UntagResource', statement: 'LeaseAndMemoryOnTheService', uses: ['reconcile'] },
  {
    action: 'iam:PassRole',
    statement: 'RolesOfTheTasks',
    uses: RELEASING,
    because: 'a task definition names the task role and the execution role',
  },
  {
    action: 'iam:PassRole',
    statement: 'InfrastructureRole',
    uses: MOVING,
    where: isBalanced,
    because: 'the service names it, though ecs:UpdateService is not given it again',
    without: 'it may work: AWS does not document it',
  },
  {
    action: 'cloudwatch:DescribeAlarms',
    statement: 'ReadsThatCannotBeNarrowed',
    uses: ['deploy', 'plan', 'rollback'],
    where: hasAlarms,
  },
  {
    action: 'cloudwatch:GetMetricData',
    statement: 'ReadsThatCannotBeNarrowed',
    uses: [...CHECKING, 'judge'],
  },
  {
    action: 'ecs:DescribeTaskDefinition',
    statement: 'ReadsThatCannotBeNarrowed',
    uses: ['deploy', 'plan', 'rollback', 'clean-up', 'delete-images'],
  },
  {
    action: 'ecs:DescribeTaskDefinition',
    statement: 'ReadsThatCannotBeNarrowed',
    uses: ['status', 'history'],
    without: 'commit, run and image of a release are not told',
  },
  {
    action: 'ecs:ListClusters',
    statement: 'ReadsThatCannotBeNarrowed',
    uses: [...CHECKING, ...ANSWERING, ...LOOKING],
    without: GONE,
  },
  {
    action: 'elasticloadbalancing:DescribeListeners',
    statement: 'ReadsThatCannotBeNarrowed',
    uses: CHECKING,
    where: isBalanced,
  },
  {
    action: 'elasticloadbalancing:DescribeLoadBalancers',
    statement: 'ReadsThatCannotBeNarrowed',
    uses: CHECKING,
    where: isBalanced,
  },
  {
    action: 'elasticloadbalancing:DescribeRules',
    statement: 'ReadsThatCannotBeNarrowed',
    uses: CHECKING,
    where: isBalanced,
  },
  {
    action: 'elasticloadbalancing:DescribeRules',
    statement: 'ReadsThatCannotBeNarrowed',
    uses: ['status'],
    where: isBalanced,
    without: 'the shares of the traffic are not told',
  },
  {
    action: 'elasticloadbalancing:DescribeTargetGroupAttributes',
    statement: 'ReadsThatCannotBeNarrowed',
    uses: CHECKING,
    where: hasTargets,
  },
  {
    action: 'elasticloadbalancing:DescribeTargetGroups',
    statement: 'ReadsThatCannotBeNarrowed',
    uses: [...CHECKING, 'judge'],
    where: hasTargets,
  },
  {
    action: 'elasticloadbalancing:DescribeTargetHealth',
    statement: 'ReadsThatCannotBeNarrowed',
    uses: CHECKING,
    where: hasTargets,
  },
  {
    action: 'elasticloadbalancing:DescribeTargetHealth',
    statement: 'ReadsThatCannotBeNarrowed',
    uses: ['status'],
    where: isBalanced,
    without: 'the healthy targets are not told',
  },
  { action: 'ecs:ListClusters', statement: 'ReadsThatCannotBeNarrowed', uses: ['clean-up', 'delete-images'] },
  { action: 'ecs:DeregisterTaskDefinition', statement: 'CleaningUp', uses: ['clean-up'] },
  ...['ecs:ListServices', 'ecs:ListTaskDefinitions', 'ecs:ListTasks'].map((action): Need => ({
    action,
    statement: 'CleaningUp',
    uses: ['clean-up', 'delete-images'],
  })),
  ...['ecs:DescribeServices', 'ecs:DescribeTasks'].map((action): Need => ({
    action,
    statement: 'EveryCluster',
    uses: ['clean-up', 'delete-images'],
  })),
  {
    action: 'logs:GetLogEvents',
    statement: 'LogOfAFailedTask',
    uses: RELEASING,
    without: 'the report of a failure lacks the last lines of the container that failed',
  },
  { action: 'ecr:GetAuthorizationToken', statement: 'RegistryLogin', uses: ['deploy'], where: builds },
  { action: 'ecr:DescribeImages', statement: 'Repository', uses: ['deploy', 'delete-images'] },
  { action: 'ecr:BatchDeleteImage', statement: 'Repository', uses: ['delete-images'] },
  {
    action: 'ecr:DescribeImages',
    statement: 'Repository',
    uses: ['rollback'],
    without: 'an image that is gone is found out only when the tasks do not start',
  },
  { action: 'ecr:DescribeRepositories', statement: 'Repository', uses: ['deploy', 'plan'] },
  ...[
    'ecr:BatchCheckLayerAvailability',
    'ecr:CompleteLayerUpload',
    'ecr:InitiateLayerUpload',
    'ecr:PutImage',
    'ecr:UploadLayerPart',
  ].map((action): Need => ({
    action,
    statement: 'Repository',
    uses: ['deploy'],
    where: builds,
    because: 'the Docker engine pushes the image',
  })),
  ...['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'].map((action): Need => ({
    action,
    statement: 'Repository',
    uses: ['deploy'],
    where: builds,
    because:
      'labels of an image that is there already say whether an earlier run of this commit pushed it; and cache-from',
  })),
];
