import type {
  CreateServiceRequest,
  DeleteServiceRequest,
  DescribeServicesRequest,
  ListServicesRequest,
  UpdateServiceRequest,
} from '@aws-sdk/client-ecs';
import { isDeepStrictEqual } from 'node:util';
import { AwsError, type Caller, type Service } from '../wire/service.ts';
import { findCluster } from './clusters.ts';
import { completeConfiguration, mergeConfiguration } from './deployment-configuration.ts';
import { findService, lookUpService } from './find-service.ts';
import { lastPart } from './names.ts';
import { isUnderWay, stop } from './outcome.ts';
import { page } from './paging.ts';
import { startDeployment } from './service-deployments.ts';
import { checkCapacityProviders, checkLaunch, checkService, strategyOf } from './service-rules.ts';
import { serviceView } from './service-view.ts';
import { addTags, checkNewTags, tagsOf } from './tags.ts';
import { runnableTaskDefinition } from './task-definitions.ts';
import type { RevisionSpec, ServiceRecord, ServiceSettings, World } from './world.ts';

const DESCRIBED_AT_ONCE = 10;

export function serviceOperations(world: World): Service['operations'] {
  return {
    CreateService: (input: CreateServiceRequest, caller: Caller) =>
      world.clientTokens.once(
        { operation: 'CreateService', token: input.clientToken, input, conflict: notIdempotent },
        () => createService(world, input, caller),
      ),
    UpdateService: (input: UpdateServiceRequest) => updateService(world, input),

    DescribeServices(input: DescribeServicesRequest) {
      const { services: asked = [], cluster, include = [] } = input;
      findCluster(world, cluster);
      if (asked.length === 0) throw new AwsError('InvalidParameterException', 'Services cannot be empty.');
      if (asked.length > DESCRIBED_AT_ONCE) {
        throw new AwsError(
          'InvalidParameterException',
          `Specify at most ${DESCRIBED_AT_ONCE} services: too many services.`,
        );
      }
      const found = asked.map((service) => lookUpService(world, { service, cluster }));
      return {
        services: found
          .filter((service) => service !== undefined)
          .map((service) => ({
            ...serviceView(service),
            ...(include.includes('TAGS') && { tags: tagsOf(world, service.arn) }),
          })),
        failures: asked
          .filter((_, index) => found[index] === undefined)
          .map((name) => ({
            arn: name.startsWith('arn:')
              ? name
              : world.names.arn('service', `${lastPart(cluster ?? 'default')}/${name}`),
            reason: 'MISSING',
          })),
      };
    },

    ListServices(input: ListServicesRequest) {
      const cluster = findCluster(world, input.cluster);
      const found = [...world.services.values()]
        .filter((service) => service.cluster === cluster && service.status !== 'INACTIVE')
        .filter(({ primary }) => !input.launchType || primary.spec.launchType === input.launchType)
        .map((service) => service.arn);
      const { items, ...rest } = page(found, input);
      return { serviceArns: items, ...rest };
    },

    DeleteService(input: DeleteServiceRequest) {
      const service = findService(world, input);
      if (service.status === 'INACTIVE') throw new AwsError('ServiceNotFoundException', 'Service not found.');
      if (service.desiredCount > 0 && !input.force) {
        throw new AwsError(
          'InvalidParameterException',
          'The service cannot be stopped while it is scaled above 0.',
        );
      }
      const { deployment } = service;
      if (deployment) stop(world, deployment, 'The service was deleted.');
      service.status = 'DRAINING';
      service.desiredCount = 0;
      return { service: serviceView(service) };
    },
  };
}

const notIdempotent = () =>
  new AwsError('InvalidParameterException', 'Creation of service was not idempotent.');

function createService(world: World, input: CreateServiceRequest, caller: Caller) {
  const cluster = findCluster(world, input.cluster);
  const { serviceName: name = '', desiredCount = 0, deploymentController } = input;
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) {
    throw new AwsError('InvalidParameterException', 'Service name contains invalid characters.');
  }
  if (deploymentController && deploymentController.type !== 'ECS') {
    throw new AwsError(
      'UnsupportedFeatureException',
      `The sandbox has no deployment controller ${deploymentController.type ?? ''}. Use ECS.`,
    );
  }
  if (input.schedulingStrategy === 'DAEMON') {
    throw new AwsError('UnsupportedFeatureException', 'The sandbox has no DAEMON services. Use REPLICA.');
  }
  checkDesiredCount(desiredCount);
  checkNewTags(input.tags);
  checkLaunch(input);
  const arn = world.names.arn('service', `${cluster.name}/${name}`);
  const existing = world.services.get(arn);
  if (existing && existing.status !== 'INACTIVE') {
    throw notIdempotent();
  }
  const configuration = completeConfiguration(input.deploymentConfiguration ?? {}, world.settings);
  const capacityProviderStrategy = strategyOf(cluster, input);
  const spec: RevisionSpec = {
    taskDefinition: runnableTaskDefinition(world, input.taskDefinition),
    loadBalancers: input.loadBalancers ?? [],
    networkConfiguration: withDefaults(input.networkConfiguration),
    launchType: capacityProviderStrategy?.length ? undefined : (input.launchType ?? 'EC2'),
    capacityProviderStrategy,
    platformVersion: input.platformVersion ?? (input.launchType === 'FARGATE' ? 'LATEST' : undefined),
    serviceRegistries: input.serviceRegistries ?? [],
    serviceConnectConfiguration: input.serviceConnectConfiguration,
    volumeConfigurations: input.volumeConfigurations,
    vpcLatticeConfigurations: input.vpcLatticeConfigurations,
    gatewayConnectors: input.gatewayConnectors,
  };
  checkCapacityProviders(cluster, spec);
  checkService(world, { spec, configuration, isNew: true });

  const unborn: Omit<ServiceRecord, 'primary'> = {
    arn,
    name,
    cluster,
    createdAt: new Date(world.clock.now()),
    createdBy: `arn:aws:iam::${caller.account}:root`,
    status: 'ACTIVE',
    desiredCount,
    configuration,
    settings: {
      schedulingStrategy: 'REPLICA',
      deploymentController: { type: 'ECS' },
      placementConstraints: input.placementConstraints ?? [],
      placementStrategy: input.placementStrategy ?? [],
      healthCheckGracePeriodSeconds: input.healthCheckGracePeriodSeconds ?? 0,
      enableECSManagedTags: input.enableECSManagedTags ?? false,
      propagateTags: input.propagateTags ?? 'NONE',
      enableExecuteCommand: input.enableExecuteCommand ?? false,
      availabilityZoneRebalancing: input.availabilityZoneRebalancing ?? 'ENABLED',
      roleArn: input.role,
    },
    current: null,
    deployment: null,
    revisions: [],
    deployments: [],
    events: [],
    placementFailures: new Map(),
    steady: false,
  };
  // A revision and its service refer to each other: `startDeployment` sets the primary revision.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `primary` is set by the next line
  const service = unborn as ServiceRecord;
  startDeployment(world, service, spec);
  world.services.set(arn, service);
  world.tags.delete(arn);
  addTags(world, arn, input.tags ?? []);
  return { service: { ...serviceView(service), tags: tagsOf(world, arn) } };
}

function updateService(world: World, input: UpdateServiceRequest) {
  const service = findService(world, input);
  if (service.status !== 'ACTIVE') throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');
  if (input.desiredCount !== undefined) checkDesiredCount(input.desiredCount);
  const { settings: assumed } = world;
  const { deployment } = service;

  const update = input.deploymentConfiguration;
  if (update && deployment && assumed.configurationWhileDeploying === 'refuse') {
    throw new AwsError(
      'InvalidParameterException',
      'The deploymentConfiguration cannot be changed while a service deployment is in progress.',
    );
  }
  const configuration = update
    ? completeConfiguration(
        assumed.partialConfiguration === 'merge' ? mergeConfiguration(service.configuration, update) : update,
        assumed,
      )
    : service.configuration;

  const before = service.primary.spec;
  const spec = updatedSpec(world, before, input);
  checkCapacityProviders(service.cluster, spec);
  const needsDeployment = input.forceNewDeployment === true || deploysDifferently(before, spec);
  if (update || needsDeployment) checkService(world, { spec, configuration, isNew: false });
  if (needsDeployment) refuseWhileDeploying(world, service);

  service.configuration = configuration;
  service.desiredCount = input.desiredCount ?? service.desiredCount;
  service.settings = updatedSettings(service.settings, input);
  if (needsDeployment) startDeployment(world, service, spec);
  // Only the capacity provider strategy changes without a deployment.
  else service.primary.spec = spec;
  return { service: serviceView(service) };
}

/** Members that an update omits are unchanged. */
function updatedSpec(world: World, before: RevisionSpec, input: UpdateServiceRequest): RevisionSpec {
  return {
    ...before,
    taskDefinition:
      input.taskDefinition === undefined
        ? before.taskDefinition
        : runnableTaskDefinition(world, input.taskDefinition),
    loadBalancers: input.loadBalancers ?? before.loadBalancers,
    networkConfiguration: withDefaults(input.networkConfiguration) ?? before.networkConfiguration,
    capacityProviderStrategy: input.capacityProviderStrategy ?? before.capacityProviderStrategy,
    platformVersion: input.platformVersion ?? before.platformVersion,
    serviceRegistries: input.serviceRegistries ?? before.serviceRegistries,
    serviceConnectConfiguration: input.serviceConnectConfiguration ?? before.serviceConnectConfiguration,
    volumeConfigurations: input.volumeConfigurations ?? before.volumeConfigurations,
    vpcLatticeConfigurations: input.vpcLatticeConfigurations ?? before.vpcLatticeConfigurations,
    gatewayConnectors: input.gatewayConnectors ?? before.gatewayConnectors,
  };
}

/**
 * The parameters that AWS documents as triggers of a service deployment; the capacity provider
 * strategy is not one.
 */
function deploysDifferently(before: RevisionSpec, after: RevisionSpec): boolean {
  const { capacityProviderStrategy } = before;
  return !isDeepStrictEqual(before, { ...after, capacityProviderStrategy });
}

function refuseWhileDeploying(world: World, { deployment }: ServiceRecord): void {
  if (!deployment) return;
  const { updateWhileDeploying } = world.settings;
  const supersedes =
    isUnderWay(deployment) &&
    (updateWhileDeploying === 'supersede' ||
      (updateWhileDeploying === 'supersede-rolling' && deployment.ladder.length === 0));
  if (supersedes) return;
  throw new AwsError(
    'InvalidParameterException',
    `The service cannot be updated while its service deployment ${deployment.arn} is ${deployment.status}.`,
  );
}

function updatedSettings(before: ServiceSettings, input: UpdateServiceRequest): ServiceSettings {
  return {
    ...before,
    placementConstraints: input.placementConstraints ?? before.placementConstraints,
    placementStrategy: input.placementStrategy ?? before.placementStrategy,
    healthCheckGracePeriodSeconds:
      input.healthCheckGracePeriodSeconds ?? before.healthCheckGracePeriodSeconds,
    enableECSManagedTags: input.enableECSManagedTags ?? before.enableECSManagedTags,
    propagateTags: input.propagateTags ?? before.propagateTags,
    enableExecuteCommand: input.enableExecuteCommand ?? before.enableExecuteCommand,
    availabilityZoneRebalancing: input.availabilityZoneRebalancing ?? before.availabilityZoneRebalancing,
  };
}

function withDefaults(network: CreateServiceRequest['networkConfiguration']) {
  const awsvpc = network?.awsvpcConfiguration;
  return (
    awsvpc && { awsvpcConfiguration: { securityGroups: [], assignPublicIp: 'DISABLED' as const, ...awsvpc } }
  );
}

function checkDesiredCount(desiredCount: number): void {
  if (!Number.isInteger(desiredCount) || desiredCount < 0) {
    throw new AwsError('InvalidParameterException', 'desiredCount must be an integer of at least 0.');
  }
}
