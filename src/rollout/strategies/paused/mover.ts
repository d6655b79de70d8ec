import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { mayPass, present } from '../../../aws/errors.ts';
import { cachedRead } from '../../../core/time/cached-read.ts';
import { MINUTE } from '../../../core/time/clock.ts';
import { shareOnRule } from '../canary/listener-rule.ts';
import { bakeInstead } from './bake-instead.ts';
import { breakerOff } from './breaker-off.ts';
import type { KeepOldBy } from './keep-hook.ts';
import { patienceOf } from './pause-hook.ts';
import type { MoverOptions, Strategy } from '../strategy.ts';
import { dropSavedConfiguration, saveConfiguration } from '../../traffic/save-configuration.ts';
import { describeDeployment } from '../../../aws/ecs/service-deployments.ts';
import { restoreService } from '../../traffic/restore-service.ts';
import { shareOfTasks } from '../share-of-tasks.ts';
import { startDeployment, type StartAlternative } from '../../traffic/start-deployment.ts';
import { answerPause } from '../../traffic/answer-pause.ts';
import { divideTraffic, type Division } from '../../traffic/divide-traffic.ts';
import { mayUndo, stopDeployment } from '../../traffic/stop-deployment.ts';
import {
  ENDED,
  isNews,
  type Phase,
  type Pause,
  type Started,
  type Traffic,
  type TrafficMover,
} from '../../traffic/traffic-mover.ts';

/**
 * ECS moves the traffic in a service deployment that pauses before every step, and ecs-ramp only
 * answers the pauses. If this process stops, the ECS hook times out and ECS rolls back.
 */
export function createPausedMover(
  options: MoverOptions,
  { share, read, isOwn }: Pick<Strategy, 'share' | 'read' | 'isOwn'>,
  configuration: (keepOldBy: KeepOldBy) => DeploymentConfiguration,
): TrafficMover {
  const { ecs, elb, clock, service, lease } = options;
  let started: Started | null = null;
  let soakingUntil: number | null = null;
  let last: Traffic | null = null;
  let phaseNow: Phase = 'starting';

  async function observe(closely = false): Promise<Traffic | null> {
    if (started === null) return null;
    const deployment = await describeDeployment(ecs, started.id);
    if (deployment === null) return null;
    const traffic = await verified(
      { ...read(deployment), verifiedPercent: last?.verifiedPercent ?? null },
      closely,
    );
    if (traffic.phase !== 'keeping-old') return traffic;
    // ECS may update the deployment during the bake time, which would move the end. The first value
    // is used.
    soakingUntil ??= traffic.oldRevisionUntil;
    return { ...traffic, oldRevisionUntil: soakingUntil };
  }

  /**
   * The share that is verified, in percent. `null` when both revisions are in one target group, as
   * in a ROLLING deployment, because no weight separates them. For a service without a load
   * balancer, the tasks are counted only when the deployment has ended: until then, ECS runs the
   * tasks of both revisions.
   */
  async function shareOf({ canary, stable }: Started, phase: Phase): Promise<number | null> {
    const { routing } = service;
    if (routing.kind !== 'two-groups' || canary.group === null) {
      return ENDED.has(phase) ? shareOfTasks(ecs, service, canary) : null;
    }
    if (canary.group.targetGroupArn === stable.group?.targetGroupArn) return null;
    return shareOnRule(elb, routing.productionRule, canary.group.targetGroupArn);
  }

  const shareNow = cachedRead(options.clock, () => shareOf(started!, phaseNow), { mayPass });

  /** Adds the share that the listener rule has. */
  async function verified(traffic: Traffic, closely: boolean): Promise<Traffic> {
    const isNew = last === null || isNews(last, traffic);
    const isAsShown = traffic.phase === 'moving' || traffic.verifiedPercent === traffic.percent;
    const anew = closely || isNew || !isAsShown;
    if (!anew && UNWEIGHTED.has(traffic.phase) && traffic.percent % 100 === 0) return traffic;
    phaseNow = traffic.phase;
    last = { ...traffic, verifiedPercent: await shareNow(anew, SHARE_INTERVAL) };
    return last;
  }

  function alternatives(): readonly StartAlternative[] {
    const off = (kept: StartAlternative) => breakerOff(options, service.deploymentConfiguration, kept);
    const baking = bakeInstead(options, configuration);
    return [
      ...off({ configuration: () => configuration('pause'), accepted() {} }),
      ...baking,
      ...baking.flatMap(off),
    ];
  }

  async function start(): Promise<Started> {
    started = await startDeployment(options, {
      share,
      configuration: () => configuration('pause'),
      alternatives: alternatives(),
      isOwn,
      patience: patienceOf,
      prepare: () => saveConfiguration(options),
      forget: () => dropSavedConfiguration(options),
      unfollowed: 'If the deployment started, it stops at its first pause and rolls back by itself.',
    });
    return started;
  }

  async function rollBack({ id, pause, keep }: Pick<Traffic, 'id' | 'pause' | 'keep'>): Promise<void> {
    await mayUndo(lease, clock);
    const open = pause ?? keep;
    if (open === undefined) return stopDeployment(ecs, clock, id);
    // The pause may have ended, or the answer may be denied. Stopping works at every stage.
    await answerPause(options, id, { pause: open, action: 'ROLLBACK' }).catch(() =>
      stopDeployment(ecs, clock, id),
    );
  }

  async function goOn(pause: Pause): Promise<void> {
    await lease.confirm();
    await answerPause(options, started!.id, { pause, action: 'CONTINUE' });
  }

  /** `null` where both revisions share a target group, or have none. */
  function division(): Division | null {
    const { routing } = service;
    const canary = started?.canary.group?.targetGroupArn;
    const stable = started?.stable.group?.targetGroupArn;
    if (routing.kind !== 'two-groups' || !canary || !stable || canary === stable) return null;
    return { productionRule: routing.productionRule, canary, stable };
  }

  return {
    observe,
    start,
    advance: goOn,
    endKeep: goOn,
    rollBack,
    canDivide: () => division() !== null,
    async divide(percent) {
      await divideTraffic(options, present(division(), 'a listener rule that divides the traffic'), percent);
    },
    settle: () => restoreService(ecs, service, lease),
    takenBy: () => lease.takenBy,
  };
}

/** Only ECS and people change the weights of the rule, and each change of ECS is read at once. */
const SHARE_INTERVAL = 2 * MINUTE;

/** Phases in which no decision depends on the weights, as long as they are as expected. */
const UNWEIGHTED: ReadonlySet<Phase> = new Set(['starting', 'cleaning-up', 'rolling-back']);
