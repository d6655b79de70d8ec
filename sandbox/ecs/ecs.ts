import type { Clock } from '../../src/core/time/clock.ts';
import type {
  Alarms,
  InstanceGroups,
  LoadBalancing,
  MetricSink,
  ScalableServices,
  Subnets,
  TaskRunner,
} from '../ports.ts';
import { createClientTokens } from '../wire/client-tokens.ts';
import type { Service } from '../wire/service.ts';
import type { VcpuQuota } from '../service-quotas/service-quotas.ts';
import { capacityProviderOperations } from './capacity-providers.ts';
import { clusterOperations } from './clusters.ts';
import { availableAddresses } from './fargate.ts';
import { createFargateUsage } from './fargate-usage.ts';
import { instanceOperations } from './instances.ts';
import { createNames } from './names.ts';
import { createPlatform, type Platform } from './platform.ts';
import { reconcile } from './reconcile.ts';
import { createScalableServices } from './scalable-services.ts';
import { serviceDeploymentOperations } from './service-deployments.ts';
import { serviceRevisionOperations } from './service-revisions.ts';
import { serviceOperations } from './services.ts';
import { DEFAULT_SETTINGS, type EcsSettings } from './settings.ts';
import { tagOperations } from './tags.ts';
import { taskDefinitionOperations } from './task-definitions.ts';
import { taskOperations } from './task-operations.ts';
import type { World } from './world.ts';

export type { EcsSettings } from './settings.ts';

export interface EcsOptions {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  /**
   * 0 (inclusive) to 1 (exclusive). All ids are derived from it, so that the same seed gives the
   * same ARNs.
   */
  readonly random: () => number;
  readonly loadBalancing: LoadBalancing;
  readonly runner: TaskRunner;
  /** By default no alarm exists. */
  readonly alarms?: Alarms;
  /** For the usage of Fargate; by default none is published. */
  readonly metrics?: MetricSink;
  /** By default no Auto Scaling group exists. */
  readonly groups?: InstanceGroups;
  /** Overrides of the sandbox's assumptions. */
  readonly timing?: Partial<EcsSettings>;
}

const NO_GROUPS: InstanceGroups = { find: () => null, grow() {}, release() {}, lose() {} };

/** Amazon ECS as a state machine. All effects go through the given ports and clock. */
export function createEcs(options: EcsOptions): {
  readonly service: Service;
  readonly platform: Platform;
  readonly scalable: ScalableServices;
  readonly subnets: Subnets;
  readonly vCpuQuota: VcpuQuota;
  close(): Promise<void>;
} {
  const { clock, loadBalancing, runner } = options;
  const world: World = {
    clock,
    names: createNames(options),
    random: options.random,
    loadBalancing,
    runner,
    alarms: options.alarms ?? { state: () => null },
    settings: { ...DEFAULT_SETTINGS, ...options.timing },
    clusters: new Map(),
    taskDefinitions: new Map(),
    services: new Map(),
    revisions: new Map(),
    deployments: new Map(),
    tasks: new Map(),
    instances: new Map(),
    capacityProviders: new Map(),
    groups: options.groups ?? NO_GROUPS,
    fargate: { vCpus: null, available: true, unavailableAt: 'placement' },
    subnets: new Map(),
    tags: new Map(),
    clientTokens: createClientTokens(clock),
  };

  const publishUsage = createFargateUsage(world, options.metrics ?? { record() {} });
  const tick = () => {
    cancel = clock.after(world.settings.reconcileInterval, tick);
    reconcile(world);
    publishUsage();
  };
  let cancel = clock.after(world.settings.reconcileInterval, tick);

  return {
    service: {
      name: 'ecs',
      operations: {
        ...clusterOperations(world),
        ...capacityProviderOperations(world),
        ...instanceOperations(world),
        ...taskDefinitionOperations(world),
        ...serviceOperations(world),
        ...serviceDeploymentOperations(world),
        ...serviceRevisionOperations(world),
        ...taskOperations(world),
        ...tagOperations(world),
      },
    },
    platform: createPlatform(world),
    scalable: createScalableServices(world),
    subnets: { freeAddresses: (id) => availableAddresses(world, id) },
    vCpuQuota: () => world.fargate.vCpus,
    async close() {
      cancel();
      await runner.close();
    },
  };
}
