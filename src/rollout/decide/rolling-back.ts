import { quantity } from '../../core/quantity.ts';
import { MINUTE } from '../../core/time/clock.ts';
import { decideEnd, decideWait, type Decision, type Observation } from '../observation.ts';

/** During a rollback, nothing else counts. */
export function rollingBack(seen: Observation): Decision | null {
  const { now, traffic, rollback, rollbackPatience } = seen;
  if (traffic.phase !== 'rolling-back' && rollback === null) return null;
  const since = rollback?.at ?? now;
  if (now - since > rollbackPatience) return outOfPatience(seen, since);
  // ECS does not show the requested rollback: the request may be lost. Repeating it is harmless.
  if (rollback !== null && traffic.phase !== 'rolling-back') {
    return { do: 'roll-back', cause: 'problem', reason: rollback.reason };
  }
  return decideWait(
    `ECS to finish the rollback (${traffic.stage})`,
    since + rollbackPatience,
    'this job ends as `dirty`',
  );
}

/**
 * Only production counts: its traffic may be back long before ECS has drained and removed the last
 * new task.
 */
function outOfPatience({ now, traffic, health, rollback, words }: Observation, since: number): Decision {
  const share = traffic.verifiedPercent;
  if (traffic.phase === 'rolling-back' && share === 0 && health.stable.healthyTargets > 0) {
    return decideEnd(
      rollback?.untried ? 'failed' : 'rolled-back',
      `${rollback?.reason}. All production traffic is back on the old revision; ECS is still removing the new one (${traffic.stage})`,
    );
  }
  return decideEnd(
    'dirty',
    `${words.sends(share)}, and ${quantity(health.stable.healthyTargets, `healthy ${words.target}`)} of the old revision remain: ECS did not confirm the rollback within ${quantity(Math.round((now - since) / MINUTE), 'minute')} of the request (${rollback?.reason}). ECS reports ${traffic.stage}`,
  );
}
