import type { StoppedTask } from '../../core/trail/event.ts';
import type { StrategyWords } from '../strategies/words.ts';
import type { Health } from './health.ts';

/** Number of crashes that count as a crash loop while other canary tasks are healthy. */
const LOOP = 3;
/** The number when there is no healthy target. */
const LOOP_WITHOUT_HEALTHY_TARGET = 2;

/**
 * What tasks and targets show against the canary, in words; `null` when nothing does. Stable is the
 * control: what affects both arms (a draining instance, a dependency that is down) is not the
 * canary's fault. Pure.
 */
export function unhealthyReason(
  { arms, crashed, failedCheck }: Health,
  percent: number,
  { target, gets }: Pick<StrategyWords, 'target' | 'gets'>,
): string | null {
  const because = checkInWords(failedCheck);
  const limit = arms.canary.healthyTargets === 0 ? LOOP_WITHOUT_HEALTHY_TARGET : LOOP;
  if (crashed.canary.length >= limit && crashed.canary.length > crashed.stable.length) {
    return failedTasksInWords(crashed.canary, failedCheck);
  }
  if (
    percent > 0 &&
    arms.canary.healthyTargets + arms.canary.unhealthyTargets === 0 &&
    arms.stable.healthyTargets > 0
  ) {
    return `the new revision has no healthy ${target} ${gets(percent)}${because}`;
  }
  if (percent > 0 && unhealthyShare(arms.canary) === 1 && unhealthyShare(arms.stable) < 1) {
    return `none of the new revision's ${arms.canary.unhealthyTargets} ${target}s is healthy ${gets(percent)}${because}`;
  }
  if (percent > 0 && unhealthyShare(arms.canary) >= 0.5 && unhealthyShare(arms.stable) < 0.5) {
    return `${arms.canary.unhealthyTargets} of the new revision's ${arms.canary.unhealthyTargets + arms.canary.healthyTargets} ${target}s are unhealthy, while the old revision's are healthy${because}`;
  }
  return null;
}

/** The failed health check, to be appended to a sentence. Pure. */
export function checkInWords(failedCheck: string | null): string {
  return failedCheck === null ? '' : `; ${failedCheck}`;
}

function unhealthyShare(arm: Health['arms']['canary']): number {
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
