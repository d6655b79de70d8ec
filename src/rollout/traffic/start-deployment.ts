import { nameOfArn } from '../../core/arn.ts';
import {
  UpdateServiceCommand,
  type DeploymentConfiguration,
  type ECSClient,
  type ServiceDeployment,
} from '@aws-sdk/client-ecs';
import { withTimeout } from '../../aws/with-timeout.ts';
import { hasCode, isFirstRefusal, mayPass } from '../../aws/errors.ts';
import { confirmed } from '../../aws/lease/confirmed.ts';
import { ACT_LIMIT } from '../../aws/lease/times.ts';
import type { Lease } from '../../aws/lease/lease.ts';
import { MINUTE, SECOND, sleep, type Clock, type Milliseconds } from '../../core/time/clock.ts';
import { armsOf } from './arms.ts';
import {
  deploymentInProgress,
  describeDeployment,
  taskDefinitionOf,
} from '../../aws/ecs/service-deployments.ts';
import type { ServiceFacts } from './service-facts.ts';
import { StartUnseen, type Share, type Started } from './traffic-mover.ts';
import { errorText } from '../../core/failure.ts';

/** What is needed to start a service deployment with any strategy. */
export interface StartOptions {
  readonly ecs: ECSClient;
  readonly clock: Clock;
  readonly service: ServiceFacts;
  readonly taskDefinitionArn: string;
  /**
   * The service deployment to continue, whatever its state; `null` to adopt this release's own or
   * start a new one.
   */
  readonly serviceDeploymentArn: string | null;
  /** Confirmed before every change. */
  readonly lease: Lease;
}

/** How a strategy starts its deployment and recognizes it. */
export interface DeploymentKind {
  readonly share: Share;
  /**
   * The deployment configuration to set besides the task definition; `null` to leave it unchanged.
   */
  configuration(): DeploymentConfiguration | null;
  /** Other configurations, which are tried in order when ECS refuses the first one as invalid. */
  readonly alternatives?: readonly StartAlternative[];
  /** Whether a deployment is of this kind, by its copy of the configuration. */
  readonly isOwn: (snapshot: DeploymentConfiguration | undefined) => boolean;
  /** How long ECS waits for an answer, by that copy; `null` when the deployment has no pause. */
  patience(snapshot: DeploymentConfiguration | undefined): Milliseconds | null;
  /** `prepare` runs before the start; `forget` undoes it when nothing was started. */
  prepare(): Promise<void>;
  forget(): Promise<void>;
  /** What happens to a deployment that started but cannot be followed. */
  readonly unfollowed: string;
}

interface Attempt<C = DeploymentConfiguration | null> {
  /** Throws UserError when this release must not start with it; `refusal` is what ECS said. */
  readonly configuration: (refusal: unknown) => C;
  /** Called when ECS has accepted it. */
  readonly accepted: () => void;
}

export type StartAlternative = Attempt<DeploymentConfiguration>;

/**
 * Starts this release's deployment, or adopts the one that an earlier run started. Rejects with
 * StartUnseen once production may have changed.
 */
export async function startDeployment(options: StartOptions, kind: DeploymentKind): Promise<Started> {
  const { clock, lease } = options;
  const running = await ownDeployment(options, kind);
  if (running === null && options.serviceDeploymentArn === null) {
    // After the start, the next observation confirms again.
    await confirmed(lease, clock, mayPass);
    await kind.prepare();
    await confirmed(lease, clock, mayPass).catch(async (error: unknown) => {
      await kind.forget();
      throw error;
    });
    await update(options, kind);
  }
  return begun(options, kind, running !== null);
}

/** If ECS refuses every configuration, the first refusal is thrown: all have its cause. */
async function update(options: StartOptions, kind: DeploymentKind): Promise<void> {
  const first: Attempt = { configuration: () => kind.configuration(), accepted() {} };
  let refusal: unknown = null;
  try {
    for (const { configuration, accepted } of [first, ...(kind.alternatives ?? [])]) {
      const error = await failureOf(options, kind, configuration(refusal));
      if (error === null) return accepted();
      if (!hasCode(error, ...INVALID)) throw error;
      refusal ??= error;
    }
    throw refusal;
  } catch (error) {
    await kind.forget();
    throw error;
  }
}

/** `null` when the deployment has started, or may have. */
async function failureOf(
  options: StartOptions,
  kind: DeploymentKind,
  configuration: DeploymentConfiguration | null,
): Promise<unknown> {
  try {
    await ask(options, configuration);
    return null;
  } catch (error) {
    return (await tookEffect(options, kind, !isFirstRefusal(error))) ? null : error;
  }
}

/** Codes of ECS for a configuration that it does not accept. */
const INVALID = ['InvalidParameterException', 'ClientException', 'UnsupportedFeatureException'] as const;

async function ask(
  { ecs, clock, service, taskDefinitionArn }: StartOptions,
  configuration: DeploymentConfiguration | null,
): Promise<void> {
  const command = new UpdateServiceCommand({
    cluster: service.cluster,
    service: service.name,
    taskDefinition: taskDefinitionArn,
    // After a stopped deployment, the service already names this release but runs another one.
    ...(service.taskDefinitionArn === taskDefinitionArn && { forceNewDeployment: true }),
    ...(configuration && { deploymentConfiguration: configuration }),
  });
  await withTimeout(clock, ACT_LIMIT, (bound) => ecs.send(command, bound));
}

/**
 * The deployment in progress, if an earlier run started it for this same release. Deployments by
 * others were handled before.
 */
async function ownDeployment(options: StartOptions, kind: DeploymentKind): Promise<ServiceDeployment | null> {
  const { ecs, service, taskDefinitionArn } = options;
  if (options.serviceDeploymentArn !== null) return describeDeployment(ecs, options.serviceDeploymentArn);
  const running = await deploymentInProgress(ecs, service);
  if (running === null || !kind.isOwn(running.deploymentConfiguration)) return null;
  return (await taskDefinitionOf(ecs, running)) === taskDefinitionArn ? running : null;
}

/**
 * Lists from ECS may be some seconds behind a start, and a call without an answer may take effect
 * that much later.
 */
const LAG = 20 * SECOND;

async function tookEffect(options: StartOptions, kind: DeploymentKind, mayBeLate: boolean): Promise<boolean> {
  const { clock } = options;
  const until = clock.now() + (mayBeLate ? LAG : 0);
  for (;;) {
    const own = await ownDeployment(options, kind).catch(() => 'unknown');
    if (own !== null && own !== 'unknown') return true;
    // When ECS does not answer, the result is unknown: the next step finds out or reports it.
    if (clock.now() >= until) return own === 'unknown';
    await sleep(clock, 2 * SECOND);
  }
}

/**
 * Waits until ECS shows the deployment with both arms: reads may be late or fail. From here on
 * production may have changed, so every failure is StartUnseen.
 */
async function begun(options: StartOptions, kind: DeploymentKind, adopted: boolean): Promise<Started> {
  const { clock, service } = options;
  const deadline = clock.now() + 2 * MINUTE;
  let problem = 'ECS does not show it';
  for (;;) {
    try {
      const started = await look(options, kind, adopted);
      if (started !== null) return started;
    } catch (error) {
      problem = errorText(error);
    }
    if (clock.now() > deadline) {
      throw new StartUnseen(
        `ECS accepted the deployment of ${nameOfArn(options.taskDefinitionArn)} to service ${service.name}, but two minutes later ecs-ramp cannot follow it: ${problem}. ${kind.unfollowed} Check the service's deployments in the ECS console.`,
      );
    }
    await sleep(clock, SECOND);
  }
}

async function look(options: StartOptions, kind: DeploymentKind, adopted: boolean): Promise<Started | null> {
  const deployment = await ownDeployment(options, kind);
  const arms = deployment && (await armsOf(options.ecs, options.service, deployment));
  if (!deployment || !arms) return null;
  return {
    id: deployment.serviceDeploymentArn!,
    adopted,
    share: kind.share,
    startedAt: (deployment.startedAt ?? deployment.createdAt)!.getTime(),
    patience: kind.patience(deployment.deploymentConfiguration),
    ...arms,
  };
}
