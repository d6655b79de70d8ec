import {
  ContinueServiceDeploymentCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
  type ECSClient,
  type ServiceDeployment,
} from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { explained, hasCode, Refused } from '../aws/refusals.ts';
import type { RolloutRequest } from '../inputs/request.ts';
import type { ServiceFacts } from './service-facts.ts';
import { MINUTE, SECOND, sleep, type Clock } from '../time/clock.ts';
import { balancedGroup } from './balanced-group.ts';
import { trafficOf } from './ecs-deployment-status.ts';
import { shareOnRule } from './listener-rule.ts';
import { patienceOf, rolloutConfiguration } from './pause-hook.ts';
import {
  deploymentInProgress,
  describeDeployment,
  describeRevisions,
  taskDefinitionOf,
} from './service-deployments.ts';
import {
  StartUnseen,
  type Arm,
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
}

/**
 * ECS moves the traffic by a service deployment that it pauses itself before every step; we only answer its pauses. Whatever
 * happens to this process, ECS's hook times out and rolls back.
 */
export function createEcsPause(options: EcsPauseOptions): TrafficMover {
  const { ecs, elb, service } = options;
  const on = `service ${service.name}`;
  let started: Started | null = null;
  let soakingUntil: number | null = null;

  async function observe(): Promise<Traffic | null> {
    if (started === null) return null;
    const deployment = await describeDeployment(ecs, started.id);
    if (deployment === null) return null;
    const percent = await shareOnRule(elb, service.balancer.productionRule, started.canary.targetGroupArn);
    const traffic = trafficOf(deployment, percent);
    if (traffic.phase !== 'soaking') return traffic;
    // ECS may touch the deployment while it bakes, which would move the end: the first answer counts.
    soakingUntil ??= traffic.oldRevisionUntil;
    return { ...traffic, oldRevisionUntil: soakingUntil };
  }

  async function start(): Promise<Started> {
    const running = await ownDeployment(options);
    if (running === null && options.serviceDeploymentArn === null) {
      const update = ecs.send(
        new UpdateServiceCommand({
          cluster: service.clusterArn,
          service: service.name,
          taskDefinition: options.taskDefinitionArn,
          deploymentConfiguration: rolloutConfiguration(service.deploymentConfiguration, options.rollout),
        }),
      );
      try {
        await explained('ecs:UpdateService', on, update);
      } catch (error) {
        // The answer may be lost and the SDK's second try refused, though the first took effect.
        if ((await ownDeployment(options)) === null) throw error;
      }
    }
    started = await begun(options, running !== null);
    return started;
  }

  async function advance(question: Question): Promise<void> {
    await ecs.send(
      new ContinueServiceDeploymentCommand({
        serviceDeploymentArn: started!.id,
        hookId: question.id,
        action: 'CONTINUE',
      }),
    );
  }

  async function rollBack(traffic: Traffic): Promise<void> {
    if (traffic.question !== null) {
      try {
        await ecs.send(
          new ContinueServiceDeploymentCommand({
            serviceDeploymentArn: traffic.id,
            hookId: traffic.question.id,
            action: 'ROLLBACK',
          }),
        );
        return;
      } catch {
        // The pause may have ended since, or the answer be forbidden: stopping works in every stage.
      }
    }
    try {
      await ecs.send(
        new StopServiceDeploymentCommand({ serviceDeploymentArn: traffic.id, stopType: 'ROLLBACK' }),
      );
    } catch (error) {
      // It has ended, or is on its way back already: the next look tells which.
      if (!hasCode(error, 'ConflictException')) throw error;
    }
  }

  async function settle(): Promise<void> {
    const answer = await explained(
      'ecs:UpdateService',
      `${on} (to take the pause hook away)`,
      ecs.send(
        new UpdateServiceCommand({
          cluster: service.clusterArn,
          service: service.name,
          deploymentConfiguration: service.deploymentConfiguration,
        }),
      ),
    );
    if (patienceOf(answer.service?.deploymentConfiguration) !== null) {
      throw new Refused(
        `ECS kept the pause hook on ${on}: take it away, or the next deployment will wait for an answer (aws ecs update-service --deployment-configuration with "lifecycleHooks": []).`,
      );
    }
  }

  return { observe, start, advance, rollBack, settle };
}

/** The deployment in progress if it is an earlier run's of this very release. Somebody else's was dealt with before. */
async function ownDeployment(options: EcsPauseOptions): Promise<ServiceDeployment | null> {
  const { ecs, service, taskDefinitionArn } = options;
  if (options.serviceDeploymentArn !== null) return describeDeployment(ecs, options.serviceDeploymentArn);
  const running = await deploymentInProgress(ecs, { cluster: service.clusterArn, name: service.name });
  if (running === null || patienceOf(running.deploymentConfiguration) === null) return null;
  return (await taskDefinitionOf(ecs, running)) === taskDefinitionArn ? running : null;
}

/** Waits until ECS shows the deployment with both of its arms: reads may lag behind the start. */
async function begun(options: EcsPauseOptions, adopted: boolean): Promise<Started> {
  const { ecs, clock, service } = options;
  const deadline = clock.now() + 2 * MINUTE;
  for (;;) {
    const deployment = await ownDeployment(options);
    const arms = deployment && (await armsOf(ecs, service, deployment));
    if (deployment && arms) {
      return {
        id: deployment.serviceDeploymentArn!,
        adopted,
        startedAt: (deployment.startedAt ?? deployment.createdAt)!.getTime(),
        patience: patienceOf(deployment.deploymentConfiguration) ?? 0,
        ...arms,
      };
    }
    if (clock.now() > deadline) {
      throw new StartUnseen(
        `ECS accepted the deployment of ${options.taskDefinitionArn} but shows none of service ${service.name} after two minutes: look at the service's deployments in the console. If it started, it stops at its first pause and rolls back by itself.`,
      );
    }
    await sleep(clock, SECOND);
  }
}

/** Only the service revisions know which target group is whose: the two swap roles at every deployment. */
async function armsOf(
  ecs: ECSClient,
  service: ServiceFacts,
  deployment: ServiceDeployment,
): Promise<{ canary: Arm; stable: Arm } | null> {
  const target = deployment.targetServiceRevision?.arn;
  const source = deployment.sourceServiceRevisions?.at(-1)?.arn;
  if (!target || !source) return null;
  const [canary, stable] = await describeRevisions(ecs, [target, source]);
  const canaryGroup = canary?.resolvedConfiguration?.loadBalancers?.[0]?.targetGroupArn;
  if (!canary?.taskDefinition || !stable?.taskDefinition || !canaryGroup) return null;
  // A stable revision from before the service had two target groups tells none: it is the other one.
  const stableGroup =
    stable.resolvedConfiguration?.loadBalancers?.[0]?.targetGroupArn ??
    service.balancer.targetGroups.find((group) => group !== canaryGroup)!;
  const arm = (targetGroupArn: string, taskDefinitionArn: string): Arm => ({
    ...balancedGroup(targetGroupArn, service.balancer.loadBalancerArn),
    taskDefinitionArn,
  });
  return { canary: arm(canaryGroup, canary.taskDefinition), stable: arm(stableGroup, stable.taskDefinition) };
}
