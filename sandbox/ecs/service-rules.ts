import type {
  CapacityProviderStrategyItem,
  CreateServiceRequest,
  LoadBalancer,
  NetworkConfiguration,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../wire/service.ts';
import type { CompleteConfiguration } from './deployment-configuration.ts';
import { checkAssociated, FARGATE_PROVIDERS } from './cluster-providers.ts';
import type { ClusterRecord, RevisionSpec, TaskDefinitionRecord, World } from './world.ts';

/**
 * Throws InvalidParameterException for a service whose parts do not match each other or the load
 * balancer.
 */
export function checkService(
  world: World,
  options: { spec: RevisionSpec; configuration: CompleteConfiguration; isNew: boolean },
): void {
  const { spec, configuration, isNew } = options;
  const { taskDefinition, loadBalancers, networkConfiguration, launchType } = spec;
  checkNetwork(taskDefinition, networkConfiguration);
  if (launchType === 'FARGATE' && !taskDefinition.definition.compatibilities?.includes('FARGATE')) {
    refuse('Task definition does not support launch_type FARGATE.');
  }
  for (const entry of loadBalancers) checkLoadBalancer(world, entry, taskDefinition);
  const { strategy, lifecycleHooks } = configuration;
  const pausesAfterShift = lifecycleHooks.some(
    ({ targetType, lifecycleStages }) =>
      targetType === 'PAUSE' && lifecycleStages?.includes('POST_PRODUCTION_TRAFFIC_SHIFT'),
  );
  if (pausesAfterShift && world.settings.pauseAfterShift === 'refuse') {
    refuse('PAUSE lifecycle hooks cannot be configured at the POST_PRODUCTION_TRAFFIC_SHIFT stage.');
  }
  if (strategy === 'ROLLING') return;
  if (loadBalancers.length > 1)
    refuse(`Only one load balancer is supported with the ${strategy} deployment strategy.`);
  for (const entry of loadBalancers) checkTrafficShift(world, entry, { strategy, isNew });
}

type LaunchChoice = Pick<CreateServiceRequest, 'launchType' | 'capacityProviderStrategy'>;

/** Throws InvalidParameterException for both a launch type and a capacity provider strategy. */
export function checkLaunch({ launchType, capacityProviderStrategy }: LaunchChoice): void {
  if (launchType === undefined || !capacityProviderStrategy?.length) return;
  refuse(
    'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
  );
}

/** The strategy of a call: the cluster's when the call has neither a strategy nor a launch type. */
export function strategyOf(
  { defaultStrategy }: ClusterRecord,
  { launchType, capacityProviderStrategy }: LaunchChoice,
): CapacityProviderStrategyItem[] | undefined {
  if (capacityProviderStrategy) return capacityProviderStrategy;
  return launchType === undefined && defaultStrategy.length > 0 ? [...defaultStrategy] : undefined;
}

/** Throws InvalidParameterException for a capacity provider that the cluster does not have. */
export function checkCapacityProviders(
  { capacityProviders }: ClusterRecord,
  { capacityProviderStrategy = [] }: LaunchChoice,
): void {
  checkAssociated([...FARGATE_PROVIDERS, ...capacityProviders], capacityProviderStrategy);
}

/**
 * Throws InvalidParameterException for a network that does not match the task definition's network
 * mode.
 */
export function checkNetwork(
  { definition }: TaskDefinitionRecord,
  networkConfiguration: NetworkConfiguration | undefined,
): void {
  const awsvpc = networkConfiguration?.awsvpcConfiguration;
  if (definition.networkMode !== 'awsvpc') {
    if (awsvpc)
      refuse('Network Configuration is not valid for the given networkMode of this task definition.');
    return;
  }
  if (!awsvpc) refuse("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  if (!awsvpc.subnets?.length) refuse('subnets can not be empty.');
}

function checkLoadBalancer(world: World, entry: LoadBalancer, { definition }: TaskDefinitionRecord): void {
  const { targetGroupArn = '', containerName, containerPort } = entry;
  const container = definition.containerDefinitions?.find(({ name }) => name === containerName);
  if (!container) refuse(`The container ${containerName ?? ''} does not exist in the task definition.`);
  if (!container.portMappings?.some((mapping) => mapping.containerPort === containerPort)) {
    refuse(
      `The container ${container.name ?? ''} did not have a container port ${containerPort ?? ''} defined.`,
    );
  }
  for (const arn of [targetGroupArn, entry.advancedConfiguration?.alternateTargetGroupArn]) {
    if (arn !== undefined) checkTargetGroup(world, arn, definition.networkMode ?? 'bridge');
  }
}

function checkTargetGroup(world: World, arn: string, networkMode: string): void {
  const group = world.loadBalancing.targetGroup(arn);
  if (!group) refuse(`Unable to find the target group with targetGroupArn ${arn}.`);
  if (group.loadBalancerArn === null) {
    refuse(`The target group with targetGroupArn ${arn} does not have an associated load balancer.`);
  }
  if ((networkMode === 'awsvpc') !== (group.targetType === 'ip')) {
    refuse(
      `The provided target group ${arn} has target type ${group.targetType}, which is incompatible with the ${networkMode} network mode specified in the task definition.`,
    );
  }
}

function checkTrafficShift(
  world: World,
  entry: LoadBalancer,
  { strategy, isNew }: { strategy: string; isNew: boolean },
): void {
  const { targetGroupArn: first = '', advancedConfiguration } = entry;
  if (!advancedConfiguration) {
    refuse(
      `advancedConfiguration is required on the load balancer with the ${strategy} deployment strategy.`,
    );
  }
  const {
    alternateTargetGroupArn: second,
    productionListenerRule,
    testListenerRule,
    roleArn,
  } = advancedConfiguration;
  if (!second) refuse('advancedConfiguration.alternateTargetGroupArn is required.');
  if (second === first) refuse('alternateTargetGroupArn must differ from targetGroupArn.');
  if (!productionListenerRule) refuse('advancedConfiguration.productionListenerRule is required.');
  if (!roleArn) refuse('advancedConfiguration.roleArn is required.');
  if (testListenerRule === productionListenerRule) {
    refuse('testListenerRule must differ from productionListenerRule.');
  }
  const weights = checkRule(world, productionListenerRule, [first, second]);
  if (isNew && !(weights[0] && weights[1] === 0)) {
    refuse(
      `The listener rule ${productionListenerRule} must give its whole weight to ${first} and none to ${second} before the first deployment.`,
    );
  }
  if (testListenerRule) checkTestRule(world, testListenerRule, [first, second]);
}

/** A test rule may forward to one of the two target groups only. ECS moves it to the right one. */
function checkTestRule(world: World, ruleArn: string, targetGroups: readonly string[]): void {
  const rule = world.loadBalancing.rule(ruleArn);
  if (!rule) refuse(`Unable to find the listener rule ${ruleArn}.`);
  if (rule.targetGroups.some(({ targetGroupArn }) => targetGroups.includes(targetGroupArn))) return;
  refuse(`The listener rule ${ruleArn} forwards to none of the target groups of the service.`);
}

/** The weights of the two target groups, which must both be in the rule. */
function checkRule(world: World, ruleArn: string, targetGroups: readonly [string, string]): number[] {
  const rule = world.loadBalancing.rule(ruleArn);
  if (!rule) refuse(`Unable to find the listener rule ${ruleArn}.`);
  return targetGroups.map((arn) => {
    const group = rule.targetGroups.find(({ targetGroupArn }) => targetGroupArn === arn);
    if (!group)
      refuse(`The target group ${arn} is not part of the forward action of the listener rule ${ruleArn}.`);
    return group.weight;
  });
}

function refuse(message: string): never {
  throw new AwsError('InvalidParameterException', message);
}
