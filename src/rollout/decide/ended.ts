import { MINUTE } from '../../core/time/clock.ts';
import type { ArmHealth } from '../../core/trail/event.ts';
import { decideEnd, decideWait, type Decision, type Observation } from '../observation.ts';

/** Reads may lag behind the end by some seconds; longer than this it is not so. */
const VERIFYING_PATIENCE = 2 * MINUTE;

/** What has ended is believed only when the listener rule and the targets show it. */
export function ended(seen: Observation): Decision | null {
  const { traffic, health, rollback, words } = seen;
  switch (traffic.phase) {
    case 'done':
      if (rollback !== null) {
        return decideEnd(
          'dirty',
          `ECS finished the deployment though a rollback was asked for (${rollback.reason})`,
        );
      }
      return verified(seen, 100, health.canary, {
        outcome: 'deployed',
        reason: words.allIsNew,
      });
    case 'rolled-back':
      return verified(seen, 0, health.stable, {
        outcome: 'rolled-back',
        reason: rollback?.reason ?? `ECS rolled back by itself: ${traffic.reason ?? traffic.stage}`,
      });
    case 'failed':
      return decideEnd(
        'dirty',
        `ECS could not finish: ${traffic.reason ?? traffic.stage}. Look at ${words.lookAt}`,
      );
    default:
      return null;
  }
}

/** The end that ECS tells, held against what shows it. */
export function verified(
  { now, traffic, endedSince, words }: Observation,
  percent: number,
  { desired, healthyTargets }: ArmHealth,
  end: { readonly outcome: 'deployed' | 'rolled-back'; readonly reason: string },
): Decision {
  const weightsAreRight = traffic.verifiedPercent === null || traffic.verifiedPercent === percent;
  const { target, takes, shownBy, sends } = words;
  // Auto scaling takes workers to none and back.
  const serves = healthyTargets > 0 || (traffic.share !== 'traffic' && desired === 0);
  if (weightsAreRight && serves) return decideEnd(end.outcome, end.reason);
  const until = (endedSince ?? now) + VERIFYING_PATIENCE;
  if (now < until) return decideWait(`${shownBy} to show the end`, until, 'this job says `dirty`');
  return decideEnd(
    'dirty',
    weightsAreRight
      ? `ECS says ${traffic.stage}, but no ${target} that takes the ${takes} is healthy (${end.reason})`
      : `ECS says ${traffic.stage}, but ${sends(traffic.verifiedPercent)} instead of ${percent}% (${end.reason})`,
  );
}
