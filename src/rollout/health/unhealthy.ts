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
  { arms, crashed }: Health,
  percent: number,
  { target, gets }: Pick<StrategyWords, 'target' | 'gets'>,
): string | null {
  const limit = arms.canary.healthyTargets === 0 ? LOOP_WITHOUT_HEALTHY_TARGET : LOOP;
  if (crashed.canary.length >= limit && crashed.canary.length > crashed.stable.length) {
    return `${crashed.canary.length} tasks of the new revision stopped by themselves: ${inWords(crashed.canary[0]!)}`;
  }
  if (
    percent > 0 &&
    arms.canary.healthyTargets + arms.canary.unhealthyTargets === 0 &&
    arms.stable.healthyTargets > 0
  ) {
    return `the new revision has no healthy ${target} ${gets(percent)}`;
  }
  if (percent > 0 && unhealthyShare(arms.canary) === 1 && unhealthyShare(arms.stable) < 1) {
    return `none of the new revision's ${arms.canary.unhealthyTargets} ${target}s is healthy ${gets(percent)}`;
  }
  if (percent > 0 && unhealthyShare(arms.canary) >= 0.5 && unhealthyShare(arms.stable) < 0.5) {
    return `${arms.canary.unhealthyTargets} of the new revision's ${arms.canary.unhealthyTargets + arms.canary.healthyTargets} ${target}s are unhealthy, while the old revision's are healthy`;
  }
  return null;
}

function unhealthyShare(arm: Health['arms']['canary']): number {
  const all = arm.healthyTargets + arm.unhealthyTargets;
  return all === 0 ? 0 : arm.unhealthyTargets / all;
}

function inWords(task: StoppedTask): string {
  const exits = task.containers
    .filter((container) => container.exitCode !== null || container.reason !== null)
    .map((container) =>
      [
        `container ${container.name}`,
        container.exitCode === null ? null : `exit code ${container.exitCode}`,
        container.reason,
      ]
        .filter((part) => part !== null)
        .join(', '),
    );
  return [task.reason, ...exits].join('; ');
}
