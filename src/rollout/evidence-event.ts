import type { Health } from './health/health.ts';
import type { Traffic } from './traffic/traffic-mover.ts';
import type { Evaluated } from '../core/trail/event.ts';
import type { Judged } from './evidence.ts';

/** The event for an evaluation, with everything it was made from. */
export function evaluatedEvent(judged: Judged, { percent, share }: Traffic, { arms }: Health): Evaluated {
  const { verdict, recording, origin, thresholds, asked } = judged;
  return {
    kind: 'evaluated',
    percent: (share === 'tasks' ? null : recording.steps.at(-1)?.percent) ?? percent,
    verdict: verdict.verdict,
    because: verdict.because,
    period: recording.period,
    origin,
    minutes: recording.minutes,
    evidence: verdict.evidence,
    health: arms,
    steps: recording.steps,
    metricsAsked: asked,
    ...(recording.settings && { settings: recording.settings }),
    ...(thresholds && { thresholds }),
    ...(recording.counted && { counted: recording.counted }),
    ...(recording.arms && { arms: recording.arms }),
    ...(recording.interrupted && { interrupted: recording.interrupted }),
  };
}
