import {
  ContinueServiceDeploymentCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
  type ECSClient,
  type ServiceDeployment,
} from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { bounded } from '../aws/bounded.ts';
import { explained, hasCode, isRefusal, mayPass } from '../aws/refusals.ts';
import type { RolloutRequest } from '../inputs/request.ts';
import { ACT_LIMIT, type Lease } from '../lease/lease.ts';
import type { ServiceFacts } from './service-facts.ts';
import { MINUTE, SECOND, sleep, type Clock } from '../time/clock.ts';
import { seldom } from '../time/seldom.ts';
import { armsOf } from './arms.ts';
import type { Noticed } from '../trail/event.ts';
import { forget, remember } from './remember.ts';
import { settle } from './settle.ts';
import { shareOfTasks } from './share-of-tasks.ts';
import { trafficOf } from './ecs-deployment-status.ts';
import { shareOnRule } from './listener-rule.ts';
import { patienceOf, rolloutConfiguration } from './pause-hook.ts';
import { deploymentInProgress, describeDeployment, taskDefinitionOf } from './service-deployments.ts';
import {
  ENDED,
  isNews,
  StartUnseen,
  type Phase,
  type Question,
  type Started,
  type Traffic,
  type TrafficMover,
} from './traffic.ts';

export interface EcsPauseOptions {
  readonly ecs: ECSClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly clock: Clock;
  readonly service: ServiceFacts;
  readonly taskDefinitionArn: string;
  readonly rollout: RolloutRequest;
  /** The service deployment to carry on, whatever its state; null: this release's own, or a new one. */
  readonly serviceDeploymentArn: string | null;
  /** Looked at before every act. */
  readonly lease: Lease;
  readonly tell: (happening: Noticed) => void;
}

/**
 * ECS moves the traffic by a service deployment that it pauses itself before every step; we only answer its pauses. Whatever
 * happens to this process, ECS's hook times out and rolls back.
 */
export function createEcsPause(options: EcsPauseOptions): TrafficMover {
  const { ecs, elb, clock, service, lease } = options;
  const on = `service ${service.name}`;
  let started: Started | null = null;
  let soakingUntil: number | null = null;
  let last: Traffic | null = null;
  let phaseNow: Phase = 'starting';

  async function observe(closely = false): Promise<Traffic | null> {
    if (started === null) return null;
    const deployment = await describeDeployment(ecs, started.id);
    if (deployment === null) return null;
    const traffic = await verified(trafficOf(deployment, last?.verifiedPercent ?? null), closely);
    if (traffic.phase !== 'soaking') return traffic;
    // ECS may touch the deployment while it bakes, which would move the end: the first answer counts.
    soakingUntil ??= traffic.oldRevisionUntil;
    return { ...traffic, oldRevisionUntil: soakingUntil };
  }

  /**
   * Null where both are in one target group, as in a ROLLING deployment: no weight tells them apart. The tasks of a service without
   * a load balancer are counted when the deployment has ended: until then both versions' are there, as many as ECS wants.
   */
  async function shareOf({ canary, stable }: Started, phase: Phase): Promise<number | null> {
    if (service.balancer === null || canary.group === null) {
      const place = { ecs, clusterArn: service.clusterArn, serviceName: service.name };
      return ENDED.has(phase) ? shareOfTasks(place, canary) : null;
    }
    if (canary.group.targetGroupArn === stable.group?.targetGroupArn) return null;
    return shareOnRule(elb, service.balancer.productionRule, canary.group.targetGroupArn);
  }

  const share = seldom(options.clock, () => shareOf(started!, phaseNow), { mayPass });

  /** With the share as the listener rule has it. */
  async function verified(traffic: Traffic, closely: boolean): Promise<Traffic> {
    const isNew = last === null || isNews(last, traffic);
    const isAsShown = traffic.phase === 'moving' || traffic.verifiedPercent === traffic.percent;
    const anew = closely || isNew || !isAsShown;
    if (!anew && UNWEIGHTED.has(traffic.phase) && traffic.percent % 100 === 0) return traffic;
    phaseNow = traffic.phase;
    last = { ...traffic, verifiedPercent: await share(anew) };
    return last;
  }

  async function start(): Promise<Started> {
    const running = await ownDeployment(options);
    if (running === null && options.serviceDeploymentArn === null) {
      await confirmed(options);
      await remember(options);
      await confirmed(options).catch(async (error: unknown) => {
        await forget(options);
        throw error;
      });
      const update = new UpdateServiceCommand({
        cluster: service.clusterArn,
        service: service.name,
        taskDefinition: options.taskDefinitionArn,
        // After a deployment that was stopped half-way the service names this release already, and serves another.
        ...(service.taskDefinitionArn === options.taskDefinitionArn && { forceNewDeployment: true }),
        deploymentConfiguration: rolloutConfiguration(
          service.deploymentConfiguration,
          options.rollout,
          service.balancer === null ? 'tasks' : 'requests',
        ),
      });
      try {
        await explained(
          'ecs:UpdateService',
          on,
          bounded(clock, ACT_LIMIT, (bound) => ecs.send(update, bound)),
        );
      } catch (error) {
        // The answer may be lost and the SDK's second try refused, though the first took effect.
        if (!(await tookEffect(options, !isRefusal(error)))) {
          await forget(options);
          throw error;
        }
      }
    }
    started = await begun(options, running !== null);
    return started;
  }

  async function answer(id: string, question: Question, action: 'CONTINUE' | 'ROLLBACK'): Promise<void> {
    const command = new ContinueServiceDeploymentCommand({
      serviceDeploymentArn: id,
      hookId: question.id,
      action,
    });
    await explained(
      'ecs:ContinueServiceDeployment',
      `service deployment ${id}`,
      bounded(clock, ACT_LIMIT, (bound) => ecs.send(command, bound)),
    );
  }

  async function stop(id: string): Promise<void> {
    const command = new StopServiceDeploymentCommand({ serviceDeploymentArn: id, stopType: 'ROLLBACK' });
    try {
      await explained(
        'ecs:StopServiceDeployment',
        `service deployment ${id}`,
        bounded(clock, ACT_LIMIT, (bound) => ecs.send(command, bound)),
      );
    } catch (error) {
      // It has ended, or is on its way back already: the next look tells which.
      if (!hasCode(error, 'ConflictException')) throw error;
    }
  }

  async function rollBack({ id, question }: Pick<Traffic, 'id' | 'question'>): Promise<void> {
    // A lease that cannot be read does not keep from the safe side; another run's does.
    await lease.confirm().catch((error: unknown) => {
      if (lease.takenBy !== null) throw error;
    });
    if (question === null) return stop(id);
    // The pause may have ended since, or the answer be forbidden: stopping works in every stage.
    await answer(id, question, 'ROLLBACK').catch(() => stop(id));
  }

  return {
    observe,
    start,
    async advance(question) {
      await lease.confirm();
      await answer(started!.id, question, 'CONTINUE');
    },
    rollBack,
    settle: () => settle(ecs, service, lease),
    takenBy: () => lease.takenBy,
  };
}

/** Then weights that are as they should be decide nothing. */
const UNWEIGHTED: ReadonlySet<Phase> = new Set(['starting', 'settling', 'rolling-back']);

/** The deployment in progress if it is an earlier run's of this very release. Somebody else's was dealt with before. */
async function ownDeployment(options: EcsPauseOptions): Promise<ServiceDeployment | null> {
  const { ecs, service, taskDefinitionArn } = options;
  if (options.serviceDeploymentArn !== null) return describeDeployment(ecs, options.serviceDeploymentArn);
  const running = await deploymentInProgress(ecs, { cluster: service.clusterArn, name: service.name });
  if (running === null || patienceOf(running.deploymentConfiguration) === null) return null;
  return (await taskDefinitionOf(ecs, running)) === taskDefinitionArn ? running : null;
}

/** Before the start an answer that is late is no reason to give up; later the next look asks again. */
async function confirmed({ clock, lease }: EcsPauseOptions): Promise<void> {
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

async function tookEffect(options: EcsPauseOptions, mayBeLate: boolean): Promise<boolean> {
  const { clock } = options;
  const until = clock.now() + (mayBeLate ? LAG : 0);
  for (;;) {
    const own = await ownDeployment(options).catch(() => 'unknown');
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
async function begun(options: EcsPauseOptions, adopted: boolean): Promise<Started> {
  const { clock, service } = options;
  const deadline = clock.now() + 2 * MINUTE;
  let problem = 'ECS shows none of it';
  for (;;) {
    try {
      const started = await look(options, adopted);
      if (started !== null) return started;
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    if (clock.now() > deadline) {
      throw new StartUnseen(
        `ECS accepted the deployment of ${options.taskDefinitionArn} to service ${service.name}, but two minutes later it cannot be followed: ${problem}. If it started, it stops at its first pause and rolls back by itself. Look at the service's deployments in the console.`,
      );
    }
    await sleep(clock, SECOND);
  }
}

async function look(options: EcsPauseOptions, adopted: boolean): Promise<Started | null> {
  const deployment = await ownDeployment(options);
  const arms = deployment && (await armsOf(options.ecs, options.service, deployment));
  if (!deployment || !arms) return null;
  return {
    id: deployment.serviceDeploymentArn!,
    adopted,
    startedAt: (deployment.startedAt ?? deployment.createdAt)!.getTime(),
    patience: patienceOf(deployment.deploymentConfiguration) ?? 0,
    ...arms,
  };
}
