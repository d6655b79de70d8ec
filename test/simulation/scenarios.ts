// Named trials. The crash tests kill their process at each call.
import { MINUTE, SECOND } from '../../src/core/time/clock.ts';
import { rolloutRequest } from '../support/rollout-request.ts';
import { CALM, type Trial } from './trial.ts';

/** Short, so that the process can be killed at each of its calls. */
const base: Trial = {
  seed: 7,
  seam: 'direct',
  release: { kind: 'good', behaviour: {}, later: null, flapsEvery: null },
  rate: 200,
  rollout: rolloutRequest({
    steps: [50, 100],
    bakeTime: MINUTE,
    stepTimeout: 5 * MINUTE,
    startTimeout: 3 * MINUTE,
    keepOld: MINUTE,
    conflictTimeout: 10 * MINUTE,
    judging: { ...rolloutRequest().judging, metricDelay: MINUTE, warmUp: 0 },
  }),
  service: {
    desiredCount: 2,
    deploymentConfiguration: {
      strategy: 'LINEAR',
      linearConfiguration: { stepPercent: 20, stepBakeTimeInMinutes: 3 },
      bakeTimeInMinutes: 5,
    },
  },
  aws: {
    reconcileInterval: 2 * SECOND,
    schedulingDelay: SECOND,
    trafficShift: SECOND,
    healthCheckSeconds: 10,
    configurationWhileDeploying: 'accept',
    partialConfiguration: 'merge',
    updateWhileDeploying: 'supersede-rolling',
    breakerWithShifting: 'accept',
    noPlace: null,
  },
  faultPlan: CALM,
  metrics: { lag: 20 * SECOND, partial: 0, missing: 'none' },
  interference: null,
  secondRun: null,
  platform: null,
  approvedAfter: null,
  clockError: 0,
  cancelAt: null,
};

const behaving = (kind: Trial['release']['kind'], behaviour: Trial['release']['behaviour']): Trial => ({
  ...base,
  release: { ...base.release, kind, behaviour },
});

/** The same with ECS's rolling update, half of the tasks at a time. */
function inBatches(trial: Trial): Trial {
  return {
    ...trial,
    rollout: { ...trial.rollout, strategy: 'rolling' },
    service: {
      desiredCount: 2,
      deploymentConfiguration: { strategy: 'ROLLING', minimumHealthyPercent: 50, maximumPercent: 100 },
    },
  };
}

export const SCENARIOS: Readonly<Record<string, Trial>> = {
  good: base,
  /** The old revision is kept for longer than the job watches. */
  kept: { ...base, rollout: { ...base.rollout, keepOld: 12 * MINUTE } },
  errors: behaving('errors', { errorRate: 0.2 }),
  slow: behaving('slow', { medianSeconds: 0.5 }),
  crash: behaving('crashes at start', { exitsAfter: 2 * SECOND }),
  /** Without a run, ECS would reach no pause and retry for hours. */
  stuck: behaving('never healthy', { healthy: false }),
  approval: {
    ...base,
    rollout: { ...base.rollout, gates: [{ kind: 'approval', percent: 50, within: 10 * MINUTE }] },
    approvedAfter: 6 * MINUTE,
  },
  cancel: { ...base, cancelAt: 90 * SECOND },
  rolling: inBatches(base),
  'rolling, errors': inBatches(behaving('errors', { errorRate: 0.5 })),
  'blue-green': { ...base, rollout: { ...base.rollout, strategy: 'blue-green' } },
  'blue-green, errors': {
    ...behaving('errors', { errorRate: 0.5 }),
    rollout: { ...base.rollout, strategy: 'blue-green' },
  },
  inconclusive: { ...base, rate: 0.5 },
  conflict: {
    ...base,
    service: { desiredCount: 2, deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 1 } },
    interference: { kind: 'deploys before', at: 0, count: 1 },
  },
};
