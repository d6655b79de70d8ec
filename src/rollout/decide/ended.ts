import { MINUTE } from '../../core/time/clock.ts';
import type { ArmHealth } from '../../core/trail/event.ts';
import type { RolloutResult } from '../result.ts';
import { decideEnd, decideWait, type Decision, type Observation } from '../observation.ts';

/**
 * Reads may be some seconds behind the end of a deployment. After this time, they are treated as
 * final.
 */
const VERIFYING_PATIENCE = 2 * MINUTE;

/** An end is accepted only when the listener rule and the targets confirm it. */
export function ended(seen: Observation): Decision | null {
  const { traffic, health, rollback, words } = seen;
  switch (traffic.phase) {
    case 'done':
      if (rollback !== null) {
        return decideEnd(
          'dirty',
          `ECS finished the deployment although a rollback was requested (${rollback.reason})`,
        );
      }
      return verified(seen, 100, health.canary, {
        outcome: 'deployed',
        reason: words.allIsNew,
      });
    case 'rolled-back':
      return verified(seen, 0, health.stable, {
        outcome: rollback?.untried ? 'failed' : 'rolled-back',
        reason: rollback?.reason ?? `ECS rolled back by itself: ${traffic.reason ?? traffic.stage}`,
      });
    case 'failed':
      return decideEnd(
        'dirty',
        `ECS could not finish the deployment: ${traffic.reason ?? traffic.stage}. Check ${words.lookAt}`,
      );
    default:
      return null;
  }
}

/** Compares the end that ECS reports with the listener rule and the targets. */
export function verified(
  { now, traffic, endedSince, words }: Observation,
  percent: number,
  { desired, healthyTargets }: ArmHealth,
  end: { readonly outcome: Exclude<RolloutResult['outcome'], 'dirty'>; readonly reason: string },
): Decision {
  const weightsAreRight = traffic.verifiedPercent === null || traffic.verifiedPercent === percent;
  const { target, takes, shownBy, sends } = words;
  // Auto scaling can scale workers to zero.
  const serves = healthyTargets > 0 || (traffic.share !== 'traffic' && desired === 0);
  if (weightsAreRight && serves) return decideEnd(end.outcome, end.reason);
  const until = (endedSince ?? now) + VERIFYING_PATIENCE;
  if (now < until) return decideWait(`${shownBy} to confirm the result`, until, 'this job ends as `dirty`');
  return decideEnd(
    'dirty',
    weightsAreRight
      ? `ECS reports ${traffic.stage}, but no ${target} that receives the ${takes} is healthy (${end.reason})`
      : `ECS reports ${traffic.stage}, but ${sends(traffic.verifiedPercent)} instead of ${percent}% (${end.reason})`,
  );
}
