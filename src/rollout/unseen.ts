import type { Health } from './health/health.ts';
import type { Started, Traffic } from './traffic/traffic-mover.ts';

/** What the start says of a rollout, before any look. */
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

/** Of an arm whose health could not be read nothing good is believed. */
export function unseenHealth({ canary, stable }: Traffic): Health {
  const nothing = { healthyTargets: 0, unhealthyTargets: 0 };
  return {
    arms: { canary: { ...canary, ...nothing }, stable: { ...stable, ...nothing } },
    crashed: { canary: [], stable: [] },
  };
}
