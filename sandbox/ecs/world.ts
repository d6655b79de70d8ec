import type {
  CapacityProviderStrategyItem,
  ClusterConfiguration,
  ClusterServiceConnectDefaults,
  ClusterSetting,
  DeploymentLifecycleHookDetail,
  LoadBalancer,
  ManagedDraining,
  ManagedScaling,
  ManagedTerminationProtection,
  NetworkConfiguration,
  Service as SdkService,
  ServiceDeploymentLifecycleStage,
  ServiceDeploymentStatus,
  ServiceEvent,
  ServiceRevision,
  Tag,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { Clock } from '../../src/core/time/clock.ts';
import type {
  Alarms,
  InstanceGroups,
  LoadBalancing,
  Target,
  TaskEnd,
  TaskPlacement,
  TaskRunner,
} from '../ports.ts';
import type { ClientTokens } from '../wire/client-tokens.ts';
import type { CompleteConfiguration } from './deployment-configuration.ts';
import type { Names } from './names.ts';
import type { EcsSettings } from './settings.ts';

/** The state of ECS and its ports. The functions of this folder take it as their first argument. */
export interface World {
  readonly clock: Clock;
  readonly names: Names;
  /** 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly loadBalancing: LoadBalancing;
  readonly runner: TaskRunner;
  readonly alarms: Alarms;
  readonly settings: EcsSettings;
  readonly clusters: Map<string, ClusterRecord>;
  /** By ARN, in the order of registration. */
  readonly taskDefinitions: Map<string, TaskDefinitionRecord>;
  /**
   * By ARN, in the order of creation. A deleted service stays as INACTIVE until a new one has the
   * same name.
   */
  readonly services: Map<string, ServiceRecord>;
  readonly revisions: Map<string, RevisionRecord>;
  readonly deployments: Map<string, DeploymentRecord>;
  readonly tasks: Map<string, TaskRecord>;
  /** By ARN, in the order of registration. */
  readonly instances: Map<string, InstanceRecord>;
  /** By name. */
  readonly capacityProviders: Map<string, CapacityProviderRecord>;
  readonly groups: InstanceGroups;
  readonly fargate: FargateLimits;
  /** By id. Subnets that are not listed have enough addresses. */
  readonly subnets: Map<string, SubnetRecord>;
  /** By resource ARN. */
  readonly tags: Map<string, Tag[]>;
  readonly clientTokens: ClientTokens;
}

export interface ClusterRecord {
  readonly arn: string;
  readonly name: string;
  status: 'ACTIVE' | 'INACTIVE';
  readonly settings: ClusterSetting[];
  readonly configuration: ClusterConfiguration | undefined;
  readonly serviceConnectDefaults: ClusterServiceConnectDefaults | undefined;
  capacityProviders: readonly string[];
  defaultStrategy: readonly CapacityProviderStrategyItem[];
  /** A cluster that never had container instances has room for every task. */
  isLimited: boolean;
}

export interface InstanceRecord {
  readonly arn: string;
  readonly cluster: ClusterRecord;
  readonly ec2InstanceId: string;
  /** CPU units and MiB that tasks can reserve. */
  readonly cpu: number;
  readonly memory: number;
  /** How many `awsvpc` tasks it has network interfaces for; `null` for no limit. */
  readonly networkInterfaces: number | null;
  /** By name; `null` for an attribute without a value. */
  readonly attributes: ReadonlyMap<string, string | null>;
  readonly capacityProvider: string | null;
  readonly registeredAt: Date;
  status: 'ACTIVE' | 'DRAINING';
  agentConnected: boolean;
}

export interface CapacityProviderRecord {
  readonly arn: string;
  readonly name: string;
  readonly groupArn: string;
  readonly managedScaling: ManagedScaling;
  readonly managedTerminationProtection: ManagedTerminationProtection;
  readonly managedDraining: ManagedDraining;
  /** When managed scaling last changed the size of the group. */
  scaledAt: number;
  /** Since when instances have no task, by EC2 instance id. */
  readonly idleSince: Map<string, number>;
}

export interface FargateLimits {
  /** The account's quota; `null` for no limit. */
  vCpus: number | null;
  /** False: AWS has no capacity for Fargate tasks. */
  available: boolean;
  /** Without capacity: no task is placed, or tasks are placed and fail to start. */
  unavailableAt: 'placement' | 'start';
}

export interface SubnetRecord {
  readonly id: string;
  availabilityZone: string;
  /** Addresses for tasks, including those in use; `null` for no limit. */
  addresses: number | null;
  /** What happens to a Fargate task without an address. */
  shortage: 'refused' | 'times out';
}

export interface TaskDefinitionRecord {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  /** The result of DescribeTaskDefinition. */
  readonly definition: TaskDefinition;
  status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS';
  deregisteredAt: Date | null;
}

/** Settings of a service that are not part of its revisions, in the SDK's form. */
export type ServiceSettings = Pick<
  SdkService,
  | 'placementConstraints'
  | 'placementStrategy'
  | 'healthCheckGracePeriodSeconds'
  | 'schedulingStrategy'
  | 'deploymentController'
  | 'enableECSManagedTags'
  | 'propagateTags'
  | 'enableExecuteCommand'
  | 'availabilityZoneRebalancing'
  | 'roleArn'
>;

export interface ServiceRecord {
  readonly arn: string;
  readonly name: string;
  readonly cluster: ClusterRecord;
  readonly createdAt: Date;
  readonly createdBy: string;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  desiredCount: number;
  settings: ServiceSettings;
  configuration: CompleteConfiguration;
  /** The revision that the service runs, or that the deployment in progress releases. */
  primary: RevisionRecord;
  /**
   * The revision of the last completed deployment, the target of a rollback. `null` before the
   * first one has completed.
   */
  current: RevisionRecord | null;
  /** The deployment in progress. */
  deployment: DeploymentRecord | null;
  /** All deployments, oldest first. */
  readonly revisions: RevisionRecord[];
  readonly deployments: DeploymentRecord[];
  /** Newest first. */
  events: ServiceEvent[];
  /** Why tasks could not be placed, and when that was told. Empty when all could be. */
  readonly placementFailures: Map<string, number>;
  steady: boolean;
}

/** The content of a revision; a different value requires a new revision. */
export type RevisionSpec = Pick<
  ServiceRevision,
  | 'launchType'
  | 'capacityProviderStrategy'
  | 'platformVersion'
  | 'serviceRegistries'
  | 'serviceConnectConfiguration'
  | 'volumeConfigurations'
  | 'vpcLatticeConfigurations'
  | 'gatewayConnectors'
> & {
  readonly taskDefinition: TaskDefinitionRecord;
  readonly loadBalancers: readonly LoadBalancer[];
  readonly networkConfiguration: NetworkConfiguration | undefined;
};

export interface RevisionRecord {
  readonly arn: string;
  readonly service: ServiceRecord;
  /** ecs-svc/1234567890123456789 */
  readonly deploymentId: string;
  readonly createdAt: Date;
  spec: RevisionSpec;
  /** For each load balancer entry, the one of its two target groups that this revision uses. */
  readonly targetGroups: readonly ResolvedTargetGroup[];
  /** The number of tasks that the reconcilers request. */
  requested: number;
  /** The tasks that are not STOPPED. */
  readonly tasks: Set<TaskRecord>;
  /** Container name to image digest, when known. */
  readonly digests: Map<string, string>;
  failedTasks: number;
  /** Failed rounds in a row since a task was last healthy. */
  failedRounds: number;
  /** No task is started before this time. */
  restartAt: number;
}

export interface ResolvedTargetGroup {
  readonly targetGroupArn: string;
  readonly otherTargetGroupArn: string | null;
  readonly productionListenerRule: string | null;
  readonly testListenerRule: string | null;
  readonly containerName: string;
  readonly containerPort: number;
}

export interface DeploymentRecord {
  readonly arn: string;
  readonly service: ServiceRecord;
  readonly target: RevisionRecord;
  /** The target of a rollback; `null` for the first deployment of a service. */
  readonly source: RevisionRecord | null;
  /**
   * The configuration at the start of the deployment; later changes of the service do not affect
   * it.
   */
  readonly configuration: CompleteConfiguration;
  readonly createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  stoppedAt: Date | null;
  updatedAt: Date;
  status: ServiceDeploymentStatus;
  statusReason: string | null;
  /** The stages of the deployment; empty for ROLLING. */
  readonly ladder: readonly Rung[];
  /** Index in `ladder`; -1 before the first stage. */
  position: number;
  stage: Stage | null;
  stageEnteredAt: number;
  /** The hooks of all stages so far, oldest first. */
  readonly hooks: DeploymentLifecycleHookDetail[];
  /** Percentage of the target revision, 0-100. */
  productionPercent: number;
  testPercent: number;
  /** In a rollback: whether the source has all traffic again. */
  trafficIsBack: boolean;
  rollback: { readonly reason: string; startedAt: Date } | null;
  /** Alarms that fired at the start of the deployment: ECS ignores them for this deployment. */
  readonly ignoredAlarms: ReadonlySet<string>;
  triggeredAlarms: string[];
  failureCount: number;
}

/** The SDK's list does not contain the stage before each production traffic shift. */
export type Stage = ServiceDeploymentLifecycleStage | 'PRE_PRODUCTION_TRAFFIC_SHIFT';

/**
 * One stage of a deployment that shifts traffic. From this stage on, the target has `percent` of
 * the production traffic.
 */
export interface Rung {
  readonly stage: Stage;
  readonly percent: number;
  /** Milliseconds to stay after the work of the stage is done. */
  readonly bake: number;
}

/** Why the scheduler must replace a task and then stop it. */
export interface Departure {
  readonly code: TaskEnd['stopCode'];
  readonly reason: string;
  /** Follows "has stopped 1 running tasks" in the service event; may be empty. */
  readonly event: string;
}

export interface TaskRecord {
  readonly arn: string;
  readonly id: string;
  readonly cluster: ClusterRecord;
  readonly taskDefinition: TaskDefinitionRecord;
  /** `null` for a task of RunTask. */
  readonly revision: RevisionRecord | null;
  readonly launchType: 'EC2' | 'FARGATE' | 'EXTERNAL' | 'MANAGED_INSTANCES' | undefined;
  readonly capacityProvider: string | null;
  /** `null` on Fargate, and while no instance has room. */
  instance: InstanceRecord | null;
  /** Only with network mode `awsvpc`. */
  subnet: string | null;
  availabilityZone: string;
  /** In PROVISIONING, until managed scaling has added an instance. */
  waitsForInstance: boolean;
  /** Why the task will not start, and when ECS notices. */
  readonly startFailure: { readonly at: number; readonly reason: string } | null;
  readonly group: string;
  readonly startedBy: string | undefined;
  readonly enableExecuteCommand: boolean;
  readonly containerIds: ReadonlyMap<string, string>;
  readonly createdAt: number;
  lastStatus: 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'STOPPED';
  desiredStatus: 'RUNNING' | 'STOPPED';
  /** Milliseconds; null until it happens. */
  pullStartedAt: number | null;
  pullStoppedAt: number | null;
  startedAt: number | null;
  stoppingAt: number | null;
  stoppedAt: number | null;
  /** Why the task was requested to stop; `null` when it was not. */
  stopRequest: { readonly reason: string; readonly code: TaskEnd['stopCode'] } | null;
  /** The platform needs its place: the scheduler replaces it. */
  leaving: Departure | null;
  end: TaskEnd | null;
  placement: TaskPlacement | null;
  readonly digests: Map<string, string>;
  /** The target groups that have the task, with its address in each. */
  readonly registrations: { readonly targetGroupArn: string; readonly target: Target }[];
  healthy: boolean;
  version: number;
}
