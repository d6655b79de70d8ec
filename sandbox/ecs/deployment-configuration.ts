import type {
  DeploymentConfiguration,
  DeploymentLifecycleHook,
  DeploymentLifecycleHookStage,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../wire/service.ts';
import type { EcsSettings } from './settings.ts';

/** A deploymentConfiguration with all defaults, as DescribeServices returns it. */
export type CompleteConfiguration = DeploymentConfiguration &
  Required<
    Pick<
      DeploymentConfiguration,
      | 'strategy'
      | 'minimumHealthyPercent'
      | 'maximumPercent'
      | 'bakeTimeInMinutes'
      | 'deploymentCircuitBreaker'
      | 'alarms'
      | 'lifecycleHooks'
    >
  >;

/** Adds AWS's defaults and throws InvalidParameterException when AWS does. */
export function completeConfiguration(
  given: DeploymentConfiguration,
  { breakerWithShifting }: Pick<EcsSettings, 'breakerWithShifting'>,
): CompleteConfiguration {
  const strategy = given.strategy ?? 'ROLLING';
  if (!['ROLLING', 'BLUE_GREEN', 'LINEAR', 'CANARY'].includes(strategy)) {
    refuse(`Unknown deployment strategy ${strategy}. Use ROLLING, BLUE_GREEN, LINEAR or CANARY.`);
  }
  if (strategy === 'BLUE_GREEN' && given.bakeTimeInMinutes === undefined) {
    refuse('bakeTimeInMinutes must be provided when the deployment strategy is BLUE_GREEN.');
  }
  const hooks = given.lifecycleHooks ?? [];
  checkHooks(hooks);
  if (given.linearConfiguration && strategy !== 'LINEAR') {
    refuse('linearConfiguration is only valid when the deployment strategy is LINEAR.');
  }
  if (given.canaryConfiguration && strategy !== 'CANARY') {
    refuse('canaryConfiguration is only valid when the deployment strategy is CANARY.');
  }
  const refusesBreaker = strategy !== 'ROLLING' && breakerWithShifting === 'refuse';
  if (given.deploymentCircuitBreaker?.enable && refusesBreaker) {
    refuse('deploymentCircuitBreaker can only be used with the ROLLING deployment strategy.');
  }
  if (given.earlySuccessCriteria?.enable && strategy !== 'ROLLING') {
    refuse('earlySuccessCriteria can only be used with the ROLLING deployment strategy.');
  }

  const complete: CompleteConfiguration = {
    ...given,
    strategy,
    minimumHealthyPercent: given.minimumHealthyPercent ?? 100,
    maximumPercent: given.maximumPercent ?? 200,
    bakeTimeInMinutes: given.bakeTimeInMinutes ?? 0,
    deploymentCircuitBreaker: given.deploymentCircuitBreaker ?? { enable: false, rollback: false },
    alarms: given.alarms ?? { alarmNames: [], enable: false, rollback: false },
    lifecycleHooks: hooks,
    ...(strategy === 'LINEAR' && {
      linearConfiguration: { stepPercent: 10, stepBakeTimeInMinutes: 6, ...given.linearConfiguration },
    }),
    ...(strategy === 'CANARY' && {
      canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 10, ...given.canaryConfiguration },
    }),
  };
  checkNumbers(complete);
  return complete;
}

/**
 * Applies an update to the configuration of a service. A change of strategy removes the members of
 * the other strategy.
 */
export function mergeConfiguration(
  current: CompleteConfiguration,
  update: DeploymentConfiguration,
): DeploymentConfiguration {
  const given = Object.fromEntries(Object.entries(update).filter(([, value]) => value !== undefined));
  const { linearConfiguration, canaryConfiguration, ...common } = current;
  const strategy = update.strategy ?? current.strategy;
  return {
    ...common,
    ...(strategy === 'LINEAR' && { linearConfiguration }),
    ...(strategy === 'CANARY' && { canaryConfiguration }),
    ...given,
  };
}

function checkNumbers(configuration: CompleteConfiguration): void {
  const { minimumHealthyPercent, maximumPercent, bakeTimeInMinutes } = configuration;
  const { linearConfiguration: linear, canaryConfiguration: canary, alarms } = configuration;
  within('minimumHealthyPercent', minimumHealthyPercent, { from: 0, to: 100 });
  within('maximumPercent', maximumPercent, { from: 100, to: 200 });
  within('bakeTimeInMinutes', bakeTimeInMinutes, { from: 0, to: 1440 });
  if (maximumPercent === 100 && minimumHealthyPercent === 100) {
    refuse('maximumPercent and minimumHealthyPercent cannot both be 100: no task could be replaced.');
  }
  if (linear) {
    within('stepPercent', linear.stepPercent, { from: 3, to: 100, tenths: true });
    within('stepBakeTimeInMinutes', linear.stepBakeTimeInMinutes, { from: 0, to: 1440 });
  }
  if (canary) {
    within('canaryPercent', canary.canaryPercent, { from: 0.1, to: 100, tenths: true });
    within('canaryBakeTimeInMinutes', canary.canaryBakeTimeInMinutes, { from: 0, to: 1440 });
  }
  if (alarms.enable && !alarms.alarmNames?.length) {
    refuse('alarmNames cannot be empty when deployment alarms are enabled.');
  }
}

const HOOK_STAGES: Readonly<Record<DeploymentLifecycleHookStage, { pause: boolean }>> = {
  RECONCILE_SERVICE: { pause: true },
  PRE_SCALE_UP: { pause: true },
  POST_SCALE_UP: { pause: true },
  TEST_TRAFFIC_SHIFT: { pause: false },
  POST_TEST_TRAFFIC_SHIFT: { pause: true },
  PRE_PRODUCTION_TRAFFIC_SHIFT: { pause: true },
  PRODUCTION_TRAFFIC_SHIFT: { pause: false },
  POST_PRODUCTION_TRAFFIC_SHIFT: { pause: true },
};
const HOOKS_OF_A_KIND = 10;

function checkHooks(hooks: readonly DeploymentLifecycleHook[]): void {
  for (const hook of hooks) {
    const type = hook.targetType ?? 'AWS_LAMBDA';
    if (type !== 'PAUSE' && type !== 'AWS_LAMBDA')
      refuse(`Unknown lifecycle hook targetType ${String(type)}.`);
    if (type === 'PAUSE' && hook.hookTargetArn)
      refuse('hookTargetArn is not applicable to a PAUSE lifecycle hook.');
    if (type === 'AWS_LAMBDA' && !(hook.hookTargetArn && hook.roleArn)) {
      refuse('An AWS_LAMBDA lifecycle hook needs hookTargetArn and roleArn.');
    }
    if (!hook.lifecycleStages?.length) refuse('A lifecycle hook needs at least one lifecycle stage.');
    for (const stage of hook.lifecycleStages) {
      if (!(stage in HOOK_STAGES)) refuse(`Unknown lifecycle stage ${stage} in a lifecycle hook.`);
      if (type === 'PAUSE' && !HOOK_STAGES[stage].pause) {
        refuse(`PAUSE lifecycle hooks cannot be configured at the ${stage} stage.`);
      }
    }
    const timeout = hook.timeoutConfiguration;
    within('timeoutInMinutes', timeout?.timeoutInMinutes ?? 1440, { from: 1, to: 20_160 });
    if (timeout?.action && !['CONTINUE', 'ROLLBACK'].includes(timeout.action)) {
      refuse(`Unknown lifecycle hook timeout action ${timeout.action}. Use CONTINUE or ROLLBACK.`);
    }
  }
  const pauses = hooks.filter((hook) => hook.targetType === 'PAUSE').length;
  if (Math.max(pauses, hooks.length - pauses) > HOOKS_OF_A_KIND) {
    refuse(`A service can have at most ${HOOKS_OF_A_KIND} lifecycle hooks of each target type.`);
  }
}

function within(
  name: string,
  value: number | undefined,
  range: { from: number; to: number; tenths?: boolean },
): void {
  const { from, to, tenths = false } = range;
  const scaled = (value ?? Number.NaN) * (tenths ? 10 : 1);
  const exact = Math.abs(scaled - Math.round(scaled)) < 1e-9;
  if (value === undefined || !exact || value < from || value > to) {
    refuse(`${name} must be ${tenths ? 'a multiple of 0.1' : 'an integer'} between ${from} and ${to}.`);
  }
}

function refuse(message: string): never {
  throw new AwsError('InvalidParameterException', message);
}
