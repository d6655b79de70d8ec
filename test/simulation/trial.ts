// A trial describes everything that happens to one simulated rollout. Times are milliseconds since
// the start of the job.
import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { Behaviour } from '../../sandbox/simulated/behaviour.ts';
import type { Gate, RolloutRequest } from '../../src/core/request.ts';
import { MINUTE, SECOND, type Milliseconds } from '../../src/core/time/clock.ts';
import { rolloutRequest } from '../support/rollout-request.ts';
import { Chance } from './chance.ts';
import type { PlatformPlan } from './platform-plan.ts';
import type { SecondRun } from './second-run.ts';
import type { Span } from './span.ts';

export interface Trial {
  readonly seed: number;
  readonly release: Release;
  /** Requests per second. */
  readonly rate: number;
  readonly rollout: RolloutRequest;
  readonly service: ServicePlan;
  readonly aws: AwsPlan;
  readonly faultPlan: FaultPlan;
  readonly metrics: MetricsPlan;
  readonly interference: Interference | null;
  readonly secondRun: SecondRun | null;
  /** What happens underneath ECS; `null`: nothing, and there is room for all tasks. */
  readonly platform: PlatformPlan | null;
  /** Time until somebody approves a waiting gate; `null`: nobody does. */
  readonly approvedAfter: Milliseconds | null;
  /** Error of the runners' clocks. */
  readonly clockError: Milliseconds;
  /** Time when the job is cancelled; `null`: never. */
  readonly cancelAt: Milliseconds | null;
  /** `sdk`: calls go through the AWS SDK and the simulated wire. `direct`: without them. */
  readonly seam: 'direct' | 'sdk';
}

export const RELEASES = {
  good: 20,
  'the same again': 2,
  errors: 14,
  slow: 8,
  'slow tail': 6,
  'crashes at start': 7,
  'crashes later': 8,
  'never healthy': 6,
  'health flaps': 6,
  'degrades late': 10,
  'both fail together': 8,
} as const;

export interface Release {
  readonly kind: keyof typeof RELEASES;
  readonly behaviour: Partial<Behaviour>;
  /** Behaviour from `from` to `to`. `both`: of the old revision too. */
  readonly later: {
    readonly from: Milliseconds;
    readonly to: Milliseconds;
    readonly behaviour: Partial<Behaviour>;
    readonly both: boolean;
  } | null;
  /** In each such interval, the health check fails for the second half. */
  readonly flapsEvery: Milliseconds | null;
}

export interface ServicePlan {
  readonly desiredCount: number;
  readonly deploymentConfiguration: DeploymentConfiguration;
}

export interface AwsPlan {
  readonly reconcileInterval: Milliseconds;
  readonly schedulingDelay: Milliseconds;
  readonly trafficShift: Milliseconds;
  readonly healthCheckSeconds: number;
  readonly configurationWhileDeploying: 'accept' | 'refuse';
  readonly partialConfiguration: 'merge' | 'reset';
  readonly updateWhileDeploying: 'supersede-rolling' | 'supersede' | 'refuse';
  readonly breakerWithShifting: 'accept' | 'refuse';
  /** Time in which ECS cannot place tasks. */
  readonly noPlace: Span | null;
}

export type Trouble = 'throttled' | 'server error' | 'reset before' | 'reset after' | 'slow';

export interface FaultPlan {
  /** Share of calls with a fault. */
  readonly noise: number;
  /** Time in which all calls of this service (`*`: of all services) have the fault `trouble`. */
  readonly outage: (Span & { readonly service: string; readonly trouble: Trouble }) | null;
  /** Time in which all reads of ECS fail. */
  readonly unreadable: Span | null;
  /** Time in which the credentials are rejected. */
  readonly expired: Span | null;
  /** Share of reads with an old answer, up to `staleness` old. */
  readonly stale: number;
  readonly staleness: Milliseconds;
  /** `true`: only requestedProductionTrafficWeight is stale. */
  readonly laggingWeight: boolean;
}

export interface MetricsPlan {
  readonly lag: Milliseconds;
  /** Share of answers with incomplete series (InternalError or PartialData). */
  readonly partial: number;
  /** Metrics that never exist. */
  readonly missing: 'none' | 'latency' | 'canary' | 'all';
}

export interface Interference {
  readonly kind:
    | 'deploys before'
    | 'deploys'
    | 'changes weights'
    | 'scales'
    | 'stops it'
    | 'aborts it'
    | 'answers the pause'
    | 'alarm';
  readonly at: Milliseconds;
  readonly count: number;
}

const STEPS = [
  [100],
  [10, 100],
  [5, 100],
  [50, 100],
  [10, 30, 60, 90, 100],
  [25, 50, 75, 100],
  [20, 40, 60, 80, 100],
  [12.5, 50, 100],
  [33, 66, 100],
];

const CONFIGURATIONS: readonly DeploymentConfiguration[] = [
  { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 },
  { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 7, minimumHealthyPercent: 100, maximumPercent: 200 },
  {
    strategy: 'LINEAR',
    linearConfiguration: { stepPercent: 20, stepBakeTimeInMinutes: 3 },
    bakeTimeInMinutes: 5,
  },
  { strategy: 'CANARY', canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 10 } },
  {
    strategy: 'ROLLING',
    deploymentCircuitBreaker: { enable: true, rollback: true },
    minimumHealthyPercent: 50,
  },
  {
    strategy: 'BLUE_GREEN',
    bakeTimeInMinutes: 1,
    lifecycleHooks: [
      {
        hookTargetArn: 'arn:aws:lambda:eu-west-1:123456789012:function:check',
        roleArn: 'arn:aws:iam::123456789012:role/hooks',
        lifecycleStages: ['POST_SCALE_UP'],
      },
    ],
  },
];

/** The random trial of a seed. */
export function trialOf(seed: number, seam: Trial['seam'] = 'direct'): Trial {
  const chance = new Chance(seed);
  const calm = chance.happens(0.4);
  const rollout = rolloutOf(chance, calm);
  const { gates, approvedAfter } = gatesOf(seed, rollout.steps);
  const trial = {
    seed,
    seam,
    release: releaseOf(chance),
    rate: chance.magnitude(1, 500),
    rollout: { ...rollout, gates },
    approvedAfter,
    service: { desiredCount: chance.whole(1, 4), deploymentConfiguration: chance.oneOf(...CONFIGURATIONS) },
    aws: awsOf(chance, calm),
    faultPlan: calm ? CALM : faultPlanOf(chance),
    clockError: 0,
    metrics: metricsOf(chance, calm),
    interference: chance.happens(calm ? 0 : 0.3) ? interferenceOf(chance) : null,
    secondRun: null,
    platform: null,
    cancelAt: chance.happens(0.15) ? chance.magnitude(SECOND, 40 * MINUTE) : null,
  };
  const breakerWithShifting = new Chance(seed ^ 0xb3ea).happens(0.8) ? 'accept' : 'refuse';
  return {
    ...trial,
    aws: { ...trial.aws, breakerWithShifting },
    ...clocksAndReadFaults(trial, calm),
  };
}

/** Uses its own `Chance`, so that the other random values of a seed do not change. */
function clocksAndReadFaults(
  { seed, seam, faultPlan, cancelAt }: Pick<Trial, 'seed' | 'seam' | 'faultPlan' | 'cancelAt'>,
  calm: boolean,
): Pick<Trial, 'clockError' | 'faultPlan' | 'cancelAt'> {
  const chance = new Chance(seed ^ 0xc10c);
  const clockError = chance.magnitude(10 * SECOND, 10 * MINUTE) * chance.oneOf(-1, 1);
  const isWrong = chance.happens(0.3);
  const from = chance.magnitude(MINUTE, 30 * MINUTE);
  const unreadable = { from, to: from + chance.magnitude(30 * SECOND, 15 * MINUTE) };
  const isUnreadable = !calm && chance.happens(0.08);
  const cancelled = chance.happens(0.5) ? chance.between(unreadable.from, unreadable.to) : cancelAt;
  return {
    // The SDK's clients do not use the trial's clocks.
    clockError: isWrong && seam === 'direct' ? clockError : 0,
    faultPlan: isUnreadable ? { ...faultPlan, unreadable } : faultPlan,
    cancelAt: isUnreadable ? cancelled : cancelAt,
  };
}

export const CALM: FaultPlan = {
  noise: 0,
  outage: null,
  unreadable: null,
  expired: null,
  stale: 0,
  staleness: 0,
  laggingWeight: false,
};

export function releaseOf(chance: Chance, kind: Release['kind'] = chance.kind(RELEASES)): Release {
  const release = (behaviour: Partial<Behaviour>): Release => ({
    kind,
    behaviour,
    later: null,
    flapsEvery: null,
  });
  const bad = (): Partial<Behaviour> =>
    chance.happens(0.6)
      ? { errorRate: chance.magnitude(0.03, 0.6) }
      : { medianSeconds: 0.05 * chance.magnitude(1.5, 10) };
  const from = chance.magnitude(2 * MINUTE, 25 * MINUTE);
  switch (kind) {
    case 'good':
    case 'the same again':
      return release({ startsAfter: chance.between(2, 60) * SECOND });
    case 'errors':
      return release({ errorRate: chance.magnitude(0.002, 0.6) });
    case 'slow':
      return release({ medianSeconds: 0.05 * chance.magnitude(1.25, 10) });
    case 'slow tail':
      return release({ slowShare: chance.magnitude(0.01, 0.3) });
    case 'crashes at start':
      return release({ exitsAfter: chance.between(0.5, 10) * SECOND });
    case 'crashes later':
      return release({ exitsAfter: chance.magnitude(20 * SECOND, 20 * MINUTE) });
    case 'never healthy':
      return release({ healthy: false });
    case 'health flaps':
      return { ...release({}), flapsEvery: chance.magnitude(30 * SECOND, 10 * MINUTE) };
    case 'degrades late':
      return { ...release({}), later: { from, to: Infinity, behaviour: bad(), both: false } };
    case 'both fail together':
      return {
        ...release({}),
        later: { from, to: from + chance.magnitude(MINUTE, 20 * MINUTE), behaviour: bad(), both: true },
      };
  }
}

function rolloutOf(chance: Chance, calm: boolean): RolloutRequest {
  const bakeTime = chance.whole(1, 5) * MINUTE;
  const request = rolloutRequest();
  return {
    ...request,
    steps: chance.oneOf(...STEPS),
    bakeTime,
    stepTimeout: bakeTime + chance.whole(4, 15) * MINUTE,
    startTimeout: chance.whole(3, 10) * MINUTE,
    keepOld: chance.oneOf(0, 0, 1, 5, 10) * MINUTE,
    judging: {
      ...request.judging,
      metricDelay: chance.oneOf(MINUTE, 2 * MINUTE),
      warmUp: chance.whole(0, 3) * MINUTE,
    },
    alarms: !calm && chance.happens(0.3) ? ['pager'] : [],
    onInconclusive: chance.happens(0.8) ? 'rollback' : 'continue',
    onConflict: chance.happens(0.8) ? 'wait' : 'fail',
    conflictTimeout: chance.whole(5, 30) * MINUTE,
    onCancel: chance.happens(0.8) ? 'rollback' : 'leave',
  };
}

/** Uses its own `Chance`, so that the other random values of a seed do not change. */
function gatesOf(
  seed: number,
  steps: readonly number[],
): { readonly gates: readonly Gate[]; readonly approvedAfter: Milliseconds | null } {
  const chance = new Chance(seed ^ 0x6a7e);
  if (!chance.happens(0.2)) return { gates: [], approvedAfter: null };
  const percent = chance.oneOf(0, ...steps.filter((step) => step < 100));
  const within = chance.whole(2, 40) * MINUTE;
  return {
    gates: [{ kind: 'approval', percent, within }],
    approvedAfter: chance.happens(0.8) ? chance.magnitude(SECOND, 45 * MINUTE) : null,
  };
}

function awsOf(chance: Chance, calm: boolean): Omit<AwsPlan, 'breakerWithShifting'> {
  const noPlaceFrom = chance.magnitude(SECOND, 10 * MINUTE);
  return {
    reconcileInterval: chance.oneOf(2, 5) * SECOND,
    schedulingDelay: chance.magnitude(1, 30) * SECOND,
    trafficShift: chance.oneOf(1, 10) * SECOND,
    healthCheckSeconds: chance.oneOf(5, 10, 30),
    configurationWhileDeploying: chance.happens(0.8) ? 'accept' : 'refuse',
    partialConfiguration: chance.happens(0.8) ? 'merge' : 'reset',
    updateWhileDeploying: chance.happens(0.8) ? 'supersede-rolling' : 'supersede',
    noPlace:
      !calm && chance.happens(0.08)
        ? {
            from: noPlaceFrom,
            to: chance.happens(0.5) ? Infinity : noPlaceFrom + chance.magnitude(MINUTE, 10 * MINUTE),
          }
        : null,
  };
}

function faultPlanOf(chance: Chance): FaultPlan {
  const spanOf = (least: Milliseconds, most: Milliseconds): Span => {
    const from = chance.magnitude(SECOND, 30 * MINUTE);
    return { from, to: from + chance.magnitude(least, most) };
  };
  const trouble = chance.oneOf<Trouble>('throttled', 'server error', 'reset before', 'reset after', 'slow');
  const service = chance.oneOf('*', 'ecs', 'elastic-load-balancing-v2', 'cloudwatch');
  const outage = spanOf(10 * SECOND, 15 * MINUTE);
  const expired = spanOf(10 * SECOND, 10 * MINUTE);
  return {
    noise: chance.happens(0.4) ? chance.magnitude(0.001, 0.2) : 0,
    outage: chance.happens(0.25) ? { ...outage, service, trouble } : null,
    unreadable: null,
    expired: chance.happens(0.12)
      ? { from: expired.from, to: chance.happens(0.5) ? Infinity : expired.to }
      : null,
    stale: chance.happens(0.25) ? chance.between(0.05, 0.8) : 0,
    staleness: chance.between(2, 15) * SECOND,
    laggingWeight: chance.happens(0.1),
  };
}

function metricsOf(chance: Chance, calm: boolean): MetricsPlan {
  if (calm) return { lag: chance.between(20, 60) * SECOND, partial: 0, missing: 'none' };
  return {
    lag: chance.happens(0.2) ? chance.between(2, 6) * MINUTE : chance.between(20, 100) * SECOND,
    partial: chance.happens(0.2) ? chance.between(0.05, 0.9) : 0,
    missing: chance.kind({ none: 12, latency: 1, canary: 1, all: 1 }),
  };
}

function interferenceOf(chance: Chance): Interference {
  return {
    kind: chance.oneOf<Interference['kind']>(
      'deploys before',
      'deploys',
      'changes weights',
      'scales',
      'stops it',
      'aborts it',
      'answers the pause',
      'alarm',
    ),
    at: chance.magnitude(20 * SECOND, 25 * MINUTE),
    count: chance.whole(1, 8),
  };
}
