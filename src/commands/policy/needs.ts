import type { ServiceNames } from './names.ts';
import type { StatementName } from './statements.ts';

/** The uses of a role. */
export const USES = [
  'deploy',
  'plan',
  'rollback',
  'reconcile',
  'repair',
  'clean-up',
  'delete-images',
  'continue',
  'abort',
  'status',
  'history',
  'judge',
] as const;

export type Use = (typeof USES)[number];

/** One required IAM action: the source of the printed policy and of docs/permissions.md. */
export interface Need {
  readonly action: string;
  readonly statement: StatementName;
  readonly uses: readonly Use[];
  /** Which services require it; absent: all. */
  readonly where?: (names: ServiceNames) => boolean;
  /** Why it is required, if ecs-ramp does not call it directly. */
  readonly because?: string;
  /** The effect of a missing permission; absent: the use fails with an error. */
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
const hasRepository = ({ repository }: ServiceNames) => repository !== null;
const isEveryService = ({ service }: ServiceNames) => service === '*';

const GONE = 'the error for a missing cluster or service does not list the existing ones';

const UNCHECKED_ROOM = 'whether the cluster has room for the new tasks is not checked before the build';
const BEFORE_RELEASE = ['deploy', 'plan', 'rollback'] as const;

/** Reads of what a release needs, on instances or on Fargate. */
const ROOM: readonly Need[] = [
  {
    action: 'ec2:DescribeSubnets',
    statement: 'ReadsThatCannotBeNarrowed',
    uses: BEFORE_RELEASE,
    without: 'whether the subnets have addresses for the new tasks is not checked before the build',
  },
  {
    action: 'ec2:DescribeInstanceTypes',
    statement: 'ReadsThatCannotBeNarrowed',
    uses: BEFORE_RELEASE,
    without:
      'whether the instances have network interfaces for the new tasks is not checked before the build',
  },
  {
    action: 'servicequotas:GetServiceQuota',
    statement: 'ReadsThatCannotBeNarrowed',
    uses: BEFORE_RELEASE,
    without: 'whether the Fargate quota has room for the new tasks is not checked before the build',
  },
  { action: 'ecs:DescribeClusters', statement: 'Cluster', uses: BEFORE_RELEASE, without: UNCHECKED_ROOM },
  {
    action: 'ecs:ListContainerInstances',
    statement: 'Cluster',
    uses: BEFORE_RELEASE,
    without: UNCHECKED_ROOM,
  },
  {
    action: 'ecs:DescribeContainerInstances',
    statement: 'Hosts',
    uses: ['plan'],
    without: UNCHECKED_ROOM,
  },
  {
    action: 'ecs:DescribeCapacityProviders',
    statement: 'ReadsThatCannotBeNarrowed',
    uses: BEFORE_RELEASE,
    without: UNCHECKED_ROOM,
  },
  {
    action: 'autoscaling:DescribeAutoScalingGroups',
    statement: 'ReadsThatCannotBeNarrowed',
    uses: BEFORE_RELEASE,
    without: UNCHECKED_ROOM,
  },
];

/** Scaling that follows one of the two target groups. */
const BLIND_SCALING: Need = {
  action: 'application-autoscaling:DescribeScalingPolicies',
  statement: 'ReadsThatCannotBeNarrowed',
  uses: BEFORE_RELEASE,
  where: isBalanced,
  without: 'scaling by the requests of only one target group is not noticed',
};

export const NEEDS: readonly Need[] = [
  BLIND_SCALING,
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
  {
    action: 'ecs:ListServiceDeployments',
    statement: 'Service',
    uses: ['status'],
    without: 'a revision that was deployed without ecs-ramp is not noticed',
  },
  { action: 'ecs:UpdateService', statement: 'ServiceChanges', uses: MOVING },
  { action: 'ecs:ContinueServiceDeployment', statement: 'ServiceDeployments', uses: RELEASING },
  {
    action: 'ecs:ContinueServiceDeployment',
    statement: 'ServiceDeployments',
    uses: ['reconcile'],
    without: 'a rollout that waits at a pause is stopped',
  },
  {
    action: 'ecs:ContinueServiceDeployment',
    statement: 'ServiceDeployments',
    uses: ['continue'],
    without: 'a step can be approved, but the time of keep-old cannot be ended early',
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
  {
    action: 'ecs:StopServiceDeployment',
    statement: 'ServiceDeployments',
    uses: ['deploy', 'reconcile', 'abort'],
  },
  {
    action: 'ecs:StopServiceDeployment',
    statement: 'ServiceDeployments',
    uses: ['rollback'],
    without: 'a deployment is rolled back only while ECS pauses',
  },
  { action: 'ecs:DescribeTasks', statement: 'Tasks', uses: CHECKING },
  ...ROOM,
  {
    action: 'ecs:DescribeContainerInstances',
    statement: 'Hosts',
    uses: MOVING,
    without: 'a host that is lost or drained is noticed when ECS stops its tasks, not before',
  },
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
  {
    action: 'ecs:RegisterTaskDefinition',
    statement: 'TaskDefinition',
    uses: RELEASING,
    where: ({ privileged }) => !privileged,
  },
  {
    action: 'ecs:RegisterTaskDefinition',
    statement: 'PrivilegedTaskDefinition',
    uses: RELEASING,
    where: ({ privileged }) => privileged,
  },
  {
    action: 'ecs:TagResource',
    statement: 'TagsOfTheTaskDefinition',
    uses: RELEASING,
    because: 'the tags of the task definition are kept, and tags for its commit and run are added',
    without: 'the commit and run of a release are not recorded, and every release warns about that',
  },
  {
    action: 'ecs:TagResource',
    statement: 'RollbackReasonOnTheTaskDefinition',
    uses: RELEASING,
    without: '`ecs-ramp history` does not show why a release was rolled back',
  },
  {
    action: 'ecs:TagResource',
    statement: 'LeaseAndMemoryOnTheService',
    uses: MOVING,
    without:
      'nothing prevents two runs from changing the service at once, a run that is killed leaves the strategy of the rollout on the service, and every run warns about both',
  },
  { action: 'ecs:TagResource', statement: 'LeaseAndMemoryOnTheService', uses: ['continue'] },
  {
    action: 'ecs:TagResource',
    statement: 'LeaseAndMemoryOnTheService',
    uses: ['abort'],
    without: 'the run does not report who aborted it and why',
  },
  {
    action: 'ecs:UntagResource',
    statement: 'LeaseAndMemoryOnTheService',
    uses: RELEASING,
    without: 'the tags of a run stay on the service, and every run warns about that',
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
    because: 'the service uses it, although ecs:UpdateService does not set it again',
    without: 'it may still work: AWS does not document it',
  },
  {
    action: 'cloudwatch:DescribeAlarms',
    statement: 'ReadsThatCannotBeNarrowed',
    uses: ['deploy', 'plan', 'rollback'],
    where: hasAlarms,
  },
  {
    action: 'cloudwatch:DescribeAlarms',
    statement: 'ReadsThatCannotBeNarrowed',
    uses: ['reconcile'],
    where: hasAlarms,
    without: 'a release with alarms is not watched after its job has ended',
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
    without: 'the commit, run and image of a release are not shown',
  },
  {
    action: 'ecs:DescribeTaskDefinition',
    statement: 'ReadsThatCannotBeNarrowed',
    uses: ['reconcile'],
    without:
      'releases are not compared with git and with what runs, and one whose job has ended is watched with the default settings',
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
  ...['elasticloadbalancing:DescribeListeners', 'elasticloadbalancing:DescribeTargetGroups'].map(
    (action): Need => ({
      action,
      statement: 'ReadsThatCannotBeNarrowed',
      uses: ['status'],
      where: isBalanced,
      without: 'other rules that send requests to the service are not compared',
    }),
  ),
  {
    action: 'elasticloadbalancing:DescribeListenerCertificates',
    statement: 'ReadsThatCannotBeNarrowed',
    uses: ['deploy', 'plan'],
    where: isBalanced,
    without: 'smoke tests through an HTTPS test listener know only the names of its default certificate',
  },
  {
    action: 'acm:DescribeCertificate',
    statement: 'Certificates',
    uses: ['deploy', 'plan'],
    where: isBalanced,
    without:
      'smoke tests through an HTTPS test listener require a host-header condition with an exact host on the test listener rule, or smoke-test-url',
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
    without: 'the shares of the traffic are not shown',
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
    without: 'the number of healthy targets is not shown',
  },
  ...['elasticloadbalancing:ModifyListener', 'elasticloadbalancing:ModifyRule'].map((action): Need => ({
    action,
    statement: 'ListenerRules',
    uses: ['repair'],
    where: isBalanced,
  })),
  ...['elasticloadbalancing:ModifyListener', 'elasticloadbalancing:ModifyRule'].map((action): Need => ({
    action,
    statement: 'ListenerRules',
    uses: RELEASING,
    where: isBalanced,
    without:
      'a release whose tasks were all taken is rolled back, because no traffic can be kept off it until ECS has replaced them',
  })),
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
  {
    action: 'ecr:DescribeImages',
    statement: 'Repository',
    uses: ['plan'],
    without: 'the plan names a given image by its tag',
  },
  {
    action: 'ecr:DescribePullThroughCacheRules',
    statement: 'RegistryLogin',
    uses: ['deploy', 'plan'],
    where: hasRepository,
    without: 'an image that a pull-through cache has not pulled yet is refused',
  },
  {
    action: 'ecr:DescribeRepositoryCreationTemplates',
    statement: 'RegistryLogin',
    uses: ['deploy', 'plan'],
    where: builds,
    without: 'a repository that ECR creates on push must exist',
  },
  { action: 'ecr:BatchDeleteImage', statement: 'Repository', uses: ['delete-images'] },
  {
    action: 'ecr:DescribeImages',
    statement: 'Repository',
    uses: ['rollback'],
    without: 'a missing image is noticed only when the tasks do not start',
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
    because: 'the image is pushed, by the Docker engine or by ecs-ramp',
  })),
  ...['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'].map((action): Need => ({
    action,
    statement: 'Repository',
    uses: ['deploy'],
    where: builds,
    because:
      'the labels of an existing image show whether an earlier run of this commit pushed it; also for cache-from',
  })),
];
