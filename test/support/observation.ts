import { MINUTE } from '../../src/core/time/clock.ts';
import type { Observation } from '../../src/rollout/observation.ts';
import { canary } from '../../src/rollout/strategies/canary/canary.ts';
import type { Traffic } from '../../src/rollout/traffic/traffic-mover.ts';

export const NOW = Date.UTC(2026, 10, 21, 12);

export type Observed = Partial<Omit<Observation, 'traffic'>> & { readonly traffic?: Partial<Traffic> };

/**
 * What `decide` gets, with these defaults: ECS starts the new revision, which has no traffic yet; both
 * revisions are healthy; nothing was measured, requested or reported.
 */
export function observation({ traffic = {}, ...different }: Observed): Observation {
  const healthy = { running: 2, desired: 2, healthyTargets: 2, unhealthyTargets: 0 };
  return {
    now: NOW,
    words: canary.words,
    traffic: {
      id: 'arn:deployment',
      phase: 'starting',
      share: 'traffic',
      percent: 0,
      verifiedPercent: 0,
      pause: null,
      oldRevisionUntil: null,
      stage: 'IN_PROGRESS, SCALE_UP',
      reason: null,
      startedAt: NOW - 20 * MINUTE,
      canary: { desired: 2, running: 2 },
      stable: { desired: 2, running: 2 },
      ...traffic,
    },
    health: { canary: healthy, stable: healthy },
    unhealthy: null,
    failedCheck: null,
    interruptions: [],
    shelter: { status: 'possible', changedAt: 0, adopted: false },
    shortage: null,
    alarm: null,
    verdict: null,
    measured: false,
    crashes: 0,
    smoke: 'not wanted',
    gates: [],
    credentialsUntil: null,
    ownMistake: null,
    cancelled: null,
    rollback: null,
    takenBy: null,
    endedSince: null,
    stayToTheEnd: false,
    rollbackPatience: 20 * MINUTE,
    ...different,
  };
}

/** ECS is paused at `percent`. */
export function pausedAt(percent: number, since: number) {
  return {
    phase: 'paused',
    percent,
    verifiedPercent: percent,
    pause: { id: 'hook-1', since, until: since + 31 * MINUTE },
  } as const;
}
