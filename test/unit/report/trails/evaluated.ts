import { judgeEvidence } from '../../../../src/rollout/evidence.ts';
import type { Event, Evaluated } from '../../../../src/core/trail/event.ts';
import { rolloutRequest } from '../../../support/rollout-request.ts';

/** An evaluation of a revision that fails 8% of its requests. */
export function looked(): Extract<Event, Evaluated> {
  const origin = Date.UTC(2026, 10, 21, 12);
  const minutes = Array.from({ length: 6 }, (_, t) => ({
    t,
    canary: { requests: 300, errors: 24, slow: [150, 30, 3] },
    stable: { requests: 2_700, errors: 3, slow: [1_350, 270, 27] },
  }));
  const { judging } = rolloutRequest();
  const evidence = {
    minutes,
    origin,
    missing: null,
    thresholds: [0.05, 0.1, 0.3],
    asked: 96,
    errorsBefore: null,
    maxErrorRate: 0.05,
  };
  const { verdict, recording } = judgeEvidence(
    evidence,
    { steps: [{ at: origin, percent: 10 }], interruptions: [], now: 0 },
    judging,
  );
  return {
    kind: 'evaluated',
    at: origin + 8 * 60_000,
    percent: 10,
    verdict: verdict.verdict,
    because: verdict.because,
    period: recording.period,
    origin,
    minutes,
    evidence: verdict.evidence,
    health: {
      canary: { running: 2, desired: 2, healthyTargets: 2, unhealthyTargets: 0 },
      stable: { running: 2, desired: 2, healthyTargets: 2, unhealthyTargets: 0 },
    },
    steps: recording.steps,
    metricsAsked: 96,
    settings: recording.settings!,
    thresholds: recording.thresholds!,
  };
}
