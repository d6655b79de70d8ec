import type {
  ClusterSetting,
  DeploymentLifecycleHookDetail,
  LoadBalancer,
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
import type { Alarms, LoadBalancing, Target, TaskEnd, TaskPlacement, TaskRunner } from '../ports.ts';
import type { CompleteConfiguration } from './deployment-configuration.ts';
import type { Names } from './names.ts';
import type { EcsSettings } from './settings.ts';

/** All that ECS knows, and the ports through which it acts. Rooms of this folder take it as their first argument. */
export interface World {
  readonly clock: Clock;
  readonly names: Names;
  readonly loadBalancing: LoadBalancing;
  readonly runner: TaskRunner;
  readonly alarms: Alarms;
  readonly settings: EcsSettings;
  readonly clusters: Map<string, ClusterRecord>;
  /** By ARN, in the order of registration. */
  readonly taskDefinitions: Map<string, TaskDefinitionRecord>;
  /** By ARN, in the order of creation. A deleted service stays, INACTIVE, until another takes its name. */
  readonly services: Map<string, ServiceRecord>;
  readonly revisions: Map<string, RevisionRecord>;
  readonly deployments: Map<string, DeploymentRecord>;
  readonly tasks: Map<string, TaskRecord>;
  /** By resource ARN. */
  readonly tags: Map<string, Tag[]>;
}

export interface ClusterRecord {
  readonly arn: string;
  readonly name: string;
  status: 'ACTIVE' | 'INACTIVE';
  readonly settings: ClusterSetting[];
  readonly capacityProviders: string[];
}

export interface TaskDefinitionRecord {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  /** As DescribeTaskDefinition shows it. */
  readonly definition: TaskDefinition;
  status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS';
  deregisteredAt: Date | null;
}

/** What a service keeps beside its revisions, in the SDK's words. */
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
  /** What the service shows as its own: the revision that it runs or is going to. */
  primary: RevisionRecord;
  /** The revision of the last completed deployment: where a rollback leads. Null before the first has completed. */
  current: RevisionRecord | null;
  /** The deployment in progress. */
  deployment: DeploymentRecord | null;
  /** Every one it has had, oldest first. */
  readonly revisions: RevisionRecord[];
  readonly deployments: DeploymentRecord[];
  /** Newest first. */
  events: ServiceEvent[];
  steady: boolean;
}

/** What a revision is made of; another value makes another revision. */
export type RevisionSpec = Pick<
  ServiceRevision,
  | 'launchType'
  | 'capacityProviderStrategy'
  | 'platformVersion'
  | 'serviceRegistries'
  | 'serviceConnectConfiguration'
  | 'volumeConfigurations'
  | 'vpcLatticeConfigurations'
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
  readonly spec: RevisionSpec;
  /** One for each load balancer entry: which of its two target groups this revision has. */
  readonly targetGroups: readonly ResolvedTargetGroup[];
  /** How many tasks the reconcilers want of it now. */
  requested: number;
  /** Those that have not STOPPED. */
  readonly tasks: Set<TaskRecord>;
  /** Digest of the image that each container runs, once known. */
  readonly digests: Map<string, string>;
  failedTasks: number;
  /** Rounds of failures in a row, since a task last became healthy. */
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
  /** Where a rollback leads; null for the first deployment of a service. */
  readonly source: RevisionRecord | null;
  /** As it was when the deployment began; later changes of the service's do not reach it. */
  readonly configuration: CompleteConfiguration;
  readonly createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  stoppedAt: Date | null;
  updatedAt: Date;
  status: ServiceDeploymentStatus;
  statusReason: string | null;
  /** The stages to go through; empty for ROLLING. */
  readonly ladder: readonly Rung[];
  /** Index in the ladder; -1 before the first. */
  position: number;
  stage: Stage | null;
  stageEnteredAt: number;
  /** Of every stage entered so far, oldest first. */
  readonly hooks: DeploymentLifecycleHookDetail[];
  /** Share of the target revision, 0-100. */
  productionPercent: number;
  testPercent: number;
  /** In a rollback: the source has all of it again. */
  trafficIsBack: boolean;
  rollback: { readonly reason: string; startedAt: Date } | null;
  /** Alarms that were firing when the deployment began: ECS ignores them for this deployment. */
  readonly ignoredAlarms: ReadonlySet<string>;
  triggeredAlarms: string[];
  failureCount: number;
}

/** The SDK's own list lacks the stage at which a deployment waits before each step. */
export type Stage = ServiceDeploymentLifecycleStage | 'PRE_PRODUCTION_TRAFFIC_SHIFT';

/** One stage of a deployment that shifts traffic. `percent` is the target's share of production traffic from then on. */
export interface Rung {
  readonly stage: Stage;
  readonly percent: number;
  /** Milliseconds to stay after the stage's own work is done. */
  readonly bake: number;
}

export interface TaskRecord {
  readonly arn: string;
  readonly id: string;
  readonly cluster: ClusterRecord;
  readonly taskDefinition: TaskDefinitionRecord;
  /** Null for a task of RunTask. */
  readonly revision: RevisionRecord | null;
  readonly launchType: 'EC2' | 'FARGATE' | 'EXTERNAL' | 'MANAGED_INSTANCES' | undefined;
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
  /** Why it was asked to stop; null while it was not. */
  stopRequest: { readonly reason: string; readonly code: TaskEnd['stopCode'] } | null;
  end: TaskEnd | null;
  placement: TaskPlacement | null;
  readonly digests: Map<string, string>;
  /** Target groups that have it, with the address under which they do. */
  readonly registrations: { readonly targetGroupArn: string; readonly target: Target }[];
  healthy: boolean;
  version: number;
}
