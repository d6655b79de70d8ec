import {
  UpdateServiceCommand,
  type DeploymentConfiguration,
  type ECSClient,
  type ServiceDeployment,
} from '@aws-sdk/client-ecs';
import { withTimeout } from '../../aws/with-timeout.ts';
import { isRefusal, mayPass } from '../../aws/errors.ts';
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

/** What every way to start a service deployment needs to know. */
export interface StartOptions {
  readonly ecs: ECSClient;
  readonly clock: Clock;
  readonly service: ServiceFacts;
  readonly taskDefinitionArn: string;
  /** The service deployment to carry on, whatever its state; null: this release's own, or a new one. */
  readonly serviceDeploymentArn: string | null;
  /** Looked at before every act. */
  readonly lease: Lease;
}

/** What one way to move traffic starts, and how it knows it again. */
export interface DeploymentKind {
  readonly share: Share;
  /** What the service is told besides its task definition; null: nothing. */
  configuration(): DeploymentConfiguration | null;
  /** Whether a deployment is of this kind, by its snapshot of the configuration. */
  readonly isOwn: (snapshot: DeploymentConfiguration | undefined) => boolean;
  /** How long ECS waits for an answer, by the same; null: it asks nothing. */
  patience(snapshot: DeploymentConfiguration | undefined): Milliseconds | null;
  /** What is put up before the start, and taken away again where nothing was started. */
  prepare(): Promise<void>;
  forget(): Promise<void>;
  /** What becomes of one that started, and that nobody can follow. */
  readonly unfollowed: string;
}

/** Starts this release's deployment, or adopts the one that an earlier run began. Rejects with StartUnseen once production may be touched. */
export async function startDeployment(options: StartOptions, kind: DeploymentKind): Promise<Started> {
  const running = await ownDeployment(options, kind);
  if (running === null && options.serviceDeploymentArn === null) {
    await confirmed(options);
    await kind.prepare();
    await confirmed(options).catch(async (error: unknown) => {
      await kind.forget();
      throw error;
    });
    await update(options, kind);
  }
  return begun(options, kind, running !== null);
}

async function update(options: StartOptions, kind: DeploymentKind): Promise<void> {
  const { ecs, clock, service, taskDefinitionArn } = options;
  const configuration = kind.configuration();
  const command = new UpdateServiceCommand({
    cluster: service.cluster,
    service: service.name,
    taskDefinition: taskDefinitionArn,
    // After a deployment that was stopped half-way the service names this release already, and serves another.
    ...(service.taskDefinitionArn === taskDefinitionArn && { forceNewDeployment: true }),
    ...(configuration && { deploymentConfiguration: configuration }),
  });
  try {
    await withTimeout(clock, ACT_LIMIT, (bound) => ecs.send(command, bound));
  } catch (error) {
    // The answer may be lost and the SDK's second try refused, though the first took effect.
    if (await tookEffect(options, kind, !isRefusal(error))) return;
    await kind.forget();
    throw error;
  }
}

/** The deployment in progress if it is an earlier run's of this very release. Somebody else's was dealt with before. */
async function ownDeployment(options: StartOptions, kind: DeploymentKind): Promise<ServiceDeployment | null> {
  const { ecs, service, taskDefinitionArn } = options;
  if (options.serviceDeploymentArn !== null) return describeDeployment(ecs, options.serviceDeploymentArn);
  const running = await deploymentInProgress(ecs, service);
  if (running === null || !kind.isOwn(running.deploymentConfiguration)) return null;
  return (await taskDefinitionOf(ecs, running)) === taskDefinitionArn ? running : null;
}

/** Before the start an answer that is late is no reason to give up; later the next look asks again. */
async function confirmed({ clock, lease }: StartOptions): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await lease.confirm();
    } catch (error) {
      if (!mayPass(error) || tries === 3) throw error;
    }
    await sleep(clock, SECOND);
  }
}

/** ECS's lists may lag behind a start by some seconds, and a call that got no answer may take effect that much later. */
const LAG = 20 * SECOND;

async function tookEffect(options: StartOptions, kind: DeploymentKind, mayBeLate: boolean): Promise<boolean> {
  const { clock } = options;
  const until = clock.now() + (mayBeLate ? LAG : 0);
  for (;;) {
    const own = await ownDeployment(options, kind).catch(() => 'unknown');
    if (own !== null && own !== 'unknown') return true;
    // Where ECS cannot be asked, nobody knows: what follows finds out, or says so.
    if (clock.now() >= until) return own === 'unknown';
    await sleep(clock, 2 * SECOND);
  }
}

/**
 * Waits until ECS shows the deployment with both of its arms: reads may lag behind the start, or fail. From here on production may
 * be touched, so whatever goes wrong is StartUnseen, never a refusal.
 */
async function begun(options: StartOptions, kind: DeploymentKind, adopted: boolean): Promise<Started> {
  const { clock, service } = options;
  const deadline = clock.now() + 2 * MINUTE;
  let problem = 'ECS shows none of it';
  for (;;) {
    try {
      const started = await look(options, kind, adopted);
      if (started !== null) return started;
    } catch (error) {
      problem = errorText(error);
    }
    if (clock.now() > deadline) {
      throw new StartUnseen(
        `ECS accepted the deployment of ${options.taskDefinitionArn} to service ${service.name}, but two minutes later it cannot be followed: ${problem}. ${kind.unfollowed} Look at the service's deployments in the console.`,
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
