// A rollout request with the action's defaults, except for what the test overrides.
import type { RolloutRequest } from '../../src/core/request.ts';
import { MINUTE } from '../../src/core/time/clock.ts';

export function rolloutRequest(different: Partial<RolloutRequest> = {}): RolloutRequest {
  return {
    strategy: 'canary',
    steps: [10, 30, 60, 90, 100],
    bakeTime: 5 * MINUTE,
    stepTimeout: 30 * MINUTE,
    startTimeout: 10 * MINUTE,
    capacityTimeout: 30 * MINUTE,
    keepOld: 10 * MINUTE,
    gates: [],
    smokeTests: [],
    smokeTestUrl: null,
    judging: {
      metricPeriod: MINUTE,
      metricDelay: 2 * MINUTE,
      warmUp: 3 * MINUTE,
      falseAlarmRate: 0.01,
      errorTolerance: 0.01,
      maxErrorRate: 0.05,
      latencyMargin: 1.2,
    },
    metrics: [],
    alarms: [],
    onInconclusive: 'rollback',
    onNoRoom: 'warn',
    containerLogs: 'show',
    onConflict: 'wait',
    conflictTimeout: 30 * MINUTE,
    onCancel: 'rollback',
    onNewer: 'fail',
    ...different,
  };
}
