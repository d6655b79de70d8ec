import { quantity } from '../../core/quantity.ts';
import { MINUTE, SECOND } from '../../core/time/clock.ts';
import type { ArmHealth, StoppedTask } from '../../core/trail/event.ts';
import type { StrategyWords } from '../strategies/words.ts';
import type { Health } from './health.ts';
import type { Interruption } from './interruption.ts';

/** Number of crashes that count as a crash loop while other canary tasks are healthy. */
const LOOP = 3;
/** The number when there is no healthy target. */
const LOOP_WITHOUT_HEALTHY_TARGET = 2;

/**
 * How long a part of the canary may be unhealthy. The load balancer sends no requests to unhealthy
 * targets while others are healthy, and ECS needs some time to say that it lost a host.
 */
const PART_PATIENCE = MINUTE;

/**
 * What tasks and targets show against the canary, in words; `null` when nothing does. Stable is the
 * control: what affects both arms (a dependency that is down) is not the canary's fault, and neither
 * are the tasks that were taken from it. Pure.
 */
export function unhealthyReason(
  { arms: { canary: seen, stable }, crashed, failedCheck, unhealthySince }: Health,
  { now, percent, trafficSince, interruption, words: { target, gets } }: Circumstances,
): string | null {
  const canary = withoutTaken(seen, interruption);
  const because = checkInWords(failedCheck);
  const limit = canary.healthyTargets === 0 ? LOOP_WITHOUT_HEALTHY_TARGET : LOOP;
  if (crashed.canary.length >= limit && crashed.canary.length > crashed.stable.length) {
    return failedTasksInWords(crashed.canary, failedCheck);
  }
  const lost = allAtOnce(crashed.canary, seen.desired, trafficSince);
  if (lost.length > crashed.stable.length) {
    return `all of its tasks failed at once ${gets(percent)}: ${failedTasksInWords(lost, failedCheck)}`;
  }
  if (
    percent > 0 &&
    interruption === null &&
    canary.healthyTargets + canary.unhealthyTargets === 0 &&
    stable.healthyTargets > 0
  ) {
    return `the new revision has no healthy ${target} ${gets(percent)}${because}`;
  }
  if (percent > 0 && unhealthyShare(canary) === 1 && unhealthyShare(stable) < 1) {
    return `none of the new revision's ${quantity(canary.unhealthyTargets, target)} is healthy ${gets(percent)}${because}`;
  }
  if (unhealthySince === null || now - unhealthySince < PART_PATIENCE) return null;
  if (percent > 0 && unhealthyShare(canary) >= 0.5 && unhealthyShare(stable) < 0.5) {
    return `${canary.unhealthyTargets} of the new revision's ${quantity(canary.unhealthyTargets + canary.healthyTargets, target)} are unhealthy, while the old revision's are healthy${because}`;
  }
  return null;
}

export interface Circumstances {
  readonly now: number;
  /** The share at which the canary should be healthy by now. */
  readonly percent: number;
  /** Since when it gets production traffic; `null` when it does not, or its tasks take turns. */
  readonly trafficSince: number | null;
  /** The interruption of the canary that has not ended; `null` when there is none. */
  readonly interruption: Interruption | null;
  readonly words: Pick<StrategyWords, 'target' | 'gets'>;
}

/** Tasks that fail within this time leave nothing that serves, however fast ECS replaces them. */
const AT_ONCE = 10 * SECOND;

/**
 * The newest failures, if they took every task of the canary at once while it had traffic; otherwise
 * empty. They may have been replaced since.
 */
function allAtOnce(
  crashed: readonly StoppedTask[],
  desired: number,
  trafficSince: number | null,
): readonly StoppedTask[] {
  if (trafficSince === null || desired === 0 || crashed.length < desired) return [];
  const newest = crashed.slice(0, desired);
  const times = newest.map(({ stoppedAt }) => stoppedAt ?? 0);
  const isAtOnce = Math.max(...times) - Math.min(...times) <= AT_ONCE;
  return isAtOnce && Math.min(...times) >= trafficSince ? newest : [];
}

/** The targets of tasks that were taken stay unhealthy until they are deregistered. */
function withoutTaken(canary: ArmHealth, interruption: Interruption | null): ArmHealth {
  const unhealthyTargets = Math.max(0, canary.unhealthyTargets - (interruption?.tasks ?? 0));
  return { ...canary, unhealthyTargets };
}

/** The failed health check, to be appended to a sentence. Pure. */
export function checkInWords(failedCheck: string | null): string {
  return failedCheck === null ? '' : `; ${failedCheck}`;
}

function unhealthyShare(arm: ArmHealth): number {
  const all = arm.healthyTargets + arm.unhealthyTargets;
  return all === 0 ? 0 : arm.unhealthyTargets / all;
}

/** Who stopped the tasks, and what the newest one shows. */
function failedTasksInWords(tasks: readonly StoppedTask[], failedCheck: string | null): string {
  const [newest] = tasks;
  const count = tasks.length;
  const isCauseOfAll = tasks.every(({ stopCode }) => stopCode === newest!.stopCode);
  const last = lastWords(newest!, failedCheck);
  switch (isCauseOfAll ? newest!.stopCode : 'several') {
    case 'EssentialContainerExited':
      return `${count} tasks of the new revision stopped because a container exited: ${last}`;
    case 'TaskFailedToStart':
      return `${count} tasks of the new revision could not start: ${last}`;
    case 'ServiceSchedulerInitiated':
      return `ECS stopped ${count} tasks of the new revision because they failed health checks: ${last}`;
    default:
      return `${count} tasks of the new revision failed, the last one because of this: ${last}`;
  }
}

function lastWords({ stopCode, reason, containers }: StoppedTask, failedCheck: string | null): string {
  const exits = containers.flatMap(({ name, exitCode, reason: why }) => {
    const facts = [exitCode === null ? null : `exit code ${exitCode}`, why].filter((fact) => fact !== null);
    return facts.length > 0 ? [`container ${name}, ${facts.join(', ')}`] : [];
  });
  // A container that ECS stopped exits because of that.
  if (stopCode === 'ServiceSchedulerInitiated') return `${reason}${checkInWords(failedCheck)}`;
  if (stopCode === 'EssentialContainerExited' && exits.length > 0) return exits.join('; ');
  return [reason, ...exits].join('; ');
}
