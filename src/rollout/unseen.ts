import type { Health } from './health/health.ts';
import type { Started, Traffic } from './traffic/traffic-mover.ts';

/** The state that is known from the start, before the first observation. */
export function trafficBeforeFirstLook({ id, startedAt, share }: Started): Traffic {
  const counts = { desired: 0, running: 0 };
  return {
    id,
    startedAt,
    phase: 'starting',
    share,
    percent: 0,
    verifiedPercent: null,
    pause: null,
    oldRevisionUntil: null,
    stage: 'not seen yet',
    reason: null,
    canary: counts,
    stable: counts,
  };
}

/** The health of arms that could not be read: no healthy targets. */
export function unseenHealth({ canary, stable }: Traffic): Health {
  const nothing = { healthyTargets: 0, unhealthyTargets: 0 };
  return {
    arms: { canary: { ...canary, ...nothing }, stable: { ...stable, ...nothing } },
    shortage: null,
    crashed: { canary: [], stable: [] },
    unhealthySince: null,
    taken: { canary: [], stable: [] },
    failedCheck: null,
  };
}
