import { MINUTE } from '../../core/time/clock.ts';
import { decideEnd, decideWait, type Decision, type Observation } from '../observation.ts';

/** Once a rollback is under way nothing else counts. */
export function rollingBack(seen: Observation): Decision | null {
  const { now, traffic, rollback, rollbackPatience } = seen;
  if (traffic.phase !== 'rolling-back' && rollback === null) return null;
  const since = rollback?.at ?? now;
  if (now - since > rollbackPatience) return outOfPatience(seen, since);
  // Asked for but not shown: the request may have been lost. Asking again is harmless.
  if (rollback !== null && traffic.phase !== 'rolling-back') {
    return { do: 'roll-back', cause: 'problem', reason: rollback.reason };
  }
  return decideWait(
    `ECS to finish the rollback (${traffic.stage})`,
    since + rollbackPatience,
    'this job says `dirty`',
  );
}

/** What counts is production: it may be back long before ECS has drained and removed the last new task. */
function outOfPatience({ now, traffic, health, rollback, words }: Observation, since: number): Decision {
  const share = traffic.verifiedPercent;
  if (traffic.phase === 'rolling-back' && share === 0 && health.stable.healthyTargets > 0) {
    return decideEnd(
      'rolled-back',
      `${rollback?.reason}. All production traffic is back on the old revision; ECS is still removing the new one (${traffic.stage})`,
    );
  }
  return decideEnd(
    'dirty',
    `${words.sends(share)}, and ${health.stable.healthyTargets} ${words.target}s of the old one are healthy: ECS had not confirmed the rollback ${Math.round((now - since) / MINUTE)} minutes after it was asked for (${rollback?.reason}). It says ${traffic.stage}`,
  );
}
