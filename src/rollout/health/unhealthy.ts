import type { StoppedTask } from '../../core/trail/event.ts';
import type { StrategyWords } from '../strategies/words.ts';
import type { Health } from './health.ts';

/** Crashes that are a loop even while other tasks of the canary are healthy. */
const LOOP = 3;
/** Without a single healthy target, fewer are enough. */
const LOOP_WITHOUT_HEALTHY_TARGET = 2;

/**
 * What tasks and targets say against the canary, in words; null: nothing. Pure. Stable is the control here too: what happens to
 * both alike (an instance that drains, a dependency that is down) is not the canary's fault.
 */
export function unhealthyReason(
  { arms, crashed }: Health,
  percent: number,
  { target, gets }: Pick<StrategyWords, 'target' | 'gets'>,
): string | null {
  const limit = arms.canary.healthyTargets === 0 ? LOOP_WITHOUT_HEALTHY_TARGET : LOOP;
  if (crashed.canary.length >= limit && crashed.canary.length > crashed.stable.length) {
    return `${crashed.canary.length} tasks of the new version stopped by themselves: ${inWords(crashed.canary[0]!)}`;
  }
  if (
    percent > 0 &&
    arms.canary.healthyTargets + arms.canary.unhealthyTargets === 0 &&
    arms.stable.healthyTargets > 0
  ) {
    return `the new version has no healthy ${target} ${gets(percent)}`;
  }
  if (percent > 0 && unhealthyShare(arms.canary) === 1 && unhealthyShare(arms.stable) < 1) {
    return `none of the new version's ${arms.canary.unhealthyTargets} ${target}s is healthy ${gets(percent)}`;
  }
  if (percent > 0 && unhealthyShare(arms.canary) >= 0.5 && unhealthyShare(arms.stable) < 0.5) {
    return `${arms.canary.unhealthyTargets} of the new version's ${arms.canary.unhealthyTargets + arms.canary.healthyTargets} ${target}s are unhealthy, while the old version's are well`;
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
