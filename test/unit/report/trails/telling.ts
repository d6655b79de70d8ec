import type { Counts, Minute } from '../../../../src/judge/recording.ts';
import type {
  JobStarted,
  Event,
  ServiceInspected,
  NewEvent,
  RolloutPlanned,
  TaskDefinitionReady,
} from '../../../../src/core/trail/event.ts';
import { MINUTE, SECOND } from '../../../../src/core/time/clock.ts';

/** Builds a trail: `after` advances the time, `tell` adds an event at that time. */
export interface Telling {
  readonly events: readonly Event[];
  readonly now: number;
  after(delay: number): Telling;
  tell(event: NewEvent): Telling;
}

export function telling(start = Date.UTC(2026, 10, 21, 14, 2, 11)): Telling {
  const events: Event[] = [];
  let now = start;
  const self: Telling = {
    events,
    get now() {
      return now;
    },
    after(delay) {
      now += delay;
      return self;
    },
    tell(event) {
      events.push({ ...event, at: now });
      return self;
    },
  };
  return self;
}

export const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';
export const DIGEST = 'sha256:9f2c1b7d5e4a3f60718293a4b5c6d7e8f90112233445566778899aabbccddeef';
export const IMAGE = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/shop/web@${DIGEST}`;
export const ARNS = {
  service: `arn:aws:ecs:${REGION}:${ACCOUNT}:service/shop/web`,
  before: `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/web:41`,
  after: `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/web:42`,
  deployment: `arn:aws:ecs:${REGION}:${ACCOUNT}:service-deployment/shop/web/kQ7sVb2LmNp0XyZ`,
  task: `arn:aws:ecs:${REGION}:${ACCOUNT}:task/shop/4f0c9a7be21d4c55a1b0c3d2e1f09876`,
  rule: `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:listener-rule/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee`,
  testRule: `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:listener-rule/app/shop/50dc6c495c0c9188/0467ef3c8400ae65/1291d13826f405c3`,
  balancer: `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/app/shop/50dc6c495c0c9188`,
  blue: `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/web-blue/73e2d6bc24d8a067`,
  green: `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/web-green/2453ed029918f21f`,
} as const;

export const STEPS = [10, 30, 60, 90, 100];
export const KEEP_OLD = 30 * MINUTE;
const STEP_TIMEOUT = 30 * MINUTE;

export const begun: JobStarted = {
  kind: 'started',
  version: '0.1.0',
  service: 'web',
  cluster: 'shop',
  region: REGION,
  account: ACCOUNT,
  commit: '3f2a9c1d8e7b6a5049382716f5e4d3c2b1a09f8e',
  repositoryUrl: 'https://github.com/example/shop',
  runUrl: 'https://github.com/example/shop/actions/runs/1234567890',
  actor: 'ada',
  dryRun: false,
};

export const found: ServiceInspected = {
  kind: 'service-inspected',
  serviceArn: ARNS.service,
  taskDefinitionArn: ARNS.before,
  image: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/shop/web:1.4.0`,
  desiredCount: 4,
  runningCount: 4,
  traffic: {
    loadBalancer: ARNS.balancer,
    productionRule: ARNS.rule,
    testRule: ARNS.testRule,
    targetGroups: [ARNS.blue, ARNS.green],
  },
};

export const taskDefinitionReady: TaskDefinitionReady = {
  kind: 'task-definition-ready',
  taskDefinitionArn: ARNS.after,
  previousTaskDefinitionArn: ARNS.before,
  containerName: 'web',
  image: IMAGE,
  unchanged: false,
  changes: [
    {
      path: 'containerDefinitions.web.image',
      before: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/shop/web:1.4.0`,
      after: IMAGE,
    },
    { path: 'containerDefinitions.web.environment.CHECKOUT_TIMEOUT', before: '2s', after: '800ms' },
    { path: 'containerDefinitions.web.memory', before: null, after: '512' },
  ],
};

export const planned: RolloutPlanned = {
  kind: 'planned',
  steps: STEPS,
  bakeTime: 4 * MINUTE,
  stepTimeout: STEP_TIMEOUT,
  keepOld: KEEP_OLD,
  smokeTests: ['/health answers 200, 10 times'],
};

/** From the first event to the new tasks being healthy on the test listener. */
export function released(): Telling {
  return telling()
    .tell(begun)
    .after(1.4 * SECOND)
    .tell(found)
    .after(41 * SECOND)
    .tell({
      kind: 'built',
      took: 41 * SECOND,
      reused: false,
      steps: [
        { name: '[build 1/5] FROM node:24-slim', took: 900, cached: true },
        { name: '[build 2/5] COPY package*.json ./', took: 300, cached: true },
        { name: '[build 3/5] RUN npm ci', took: 24 * SECOND, cached: false },
        { name: '[build 4/5] COPY . .', took: 700, cached: false },
        { name: '[build 5/5] RUN npm run build', took: 12 * SECOND, cached: false },
      ],
    })
    .after(9 * SECOND)
    .tell({
      kind: 'pushed',
      image: IMAGE,
      digest: DIGEST,
      tags: ['3f2a9c1d8e7b6a5049382716f5e4d3c2b1a09f8e'],
      took: 9 * SECOND,
    })
    .after(0.6 * SECOND)
    .tell(taskDefinitionReady)
    .tell(planned)
    .after(2 * SECOND)
    .tell({
      kind: 'rollout-started',
      serviceDeploymentArn: ARNS.deployment,
      adopted: false,
      steps: STEPS,
      hookTimeout: STEP_TIMEOUT + MINUTE,
      canaryTargetGroup: ARNS.green,
      stableTargetGroup: ARNS.blue,
    });
}

export function waited(story: Telling, what: string, howLong: number): Telling {
  const since = story.now;
  while (story.now + 30 * SECOND < since + howLong)
    story
      .after(30 * SECOND)
      .tell({ kind: 'waiting', what, since, until: since + STEP_TIMEOUT, otherwise: 'ECS rolls back' });
  return story.after(since + howLong - story.now);
}

export function started(): Telling {
  return waited(released(), 'the new tasks to become healthy (3 of 4 are)', 74 * SECOND).tell({
    kind: 'smoke-tested',
    url: 'http://shop.example.com:9000/health',
    expected: 200,
    passed: 10,
    of: 10,
    problem: null,
  });
}

export interface Behaviour {
  /** Requests per minute of both arms together. */
  readonly requests: number;
  /** Shares of the requests of an arm. */
  readonly errors: number;
  readonly stableErrors: number;
  /** Slower than p50, p90, p99. */
  readonly slow: readonly number[];
}

export const WELL: Behaviour = {
  requests: 3_000,
  errors: 0.0008,
  stableErrors: 0.001,
  slow: [0.44, 0.083, 0.008],
};

/** A minute of varying traffic, the same at each call. */
export function minute(t: number, percent: number, behaviour: Behaviour): Minute {
  const wave = (seed: number) => 1 + 0.25 * Math.sin(t * 1.7 + seed) + 0.12 * Math.sin(t * 0.6 + 3 * seed);
  const arm = (share: number, errors: number, slow: readonly number[], seed: number): Counts => {
    const requests = Math.round(behaviour.requests * share * (1 + 0.08 * Math.sin(t / 3)));
    return {
      requests,
      errors: Math.round(requests * errors * wave(seed)),
      slow: slow.map((each, index) => Math.round(requests * each * (0.9 + 0.1 * wave(seed + index)))),
    };
  };
  const canary = arm(percent / 100, behaviour.errors, behaviour.slow, 1);
  if (percent === 100) return { t, canary };
  return { t, canary, stable: arm(1 - percent / 100, behaviour.stableErrors, [0.5, 0.1, 0.01], 2) };
}

/** The state of the rollout that the evaluations of a trail share. */
export interface Ramp {
  readonly origin: number;
  readonly minutes: Minute[];
}

export interface Look {
  readonly percent: number;
  readonly verdict: 'pass' | 'hold' | 'rollback';
  readonly because: string;
  readonly total: number;
}

export function looked(story: Telling, ramp: Ramp, { percent, verdict, because, total }: Look): Telling {
  const arm = { running: 4, desired: 4, healthyTargets: 4, unhealthyTargets: 0 };
  return story.tell({
    kind: 'evaluated',
    percent,
    verdict,
    because,
    period: 60,
    origin: ramp.origin,
    minutes: [...ramp.minutes],
    evidence: ramp.minutes.map(({ t }) => ({
      t,
      errors: total,
      latency: 1,
      guard: 1,
      total,
      good: 24,
      share: percent / 100,
      judged: t > 2,
    })),
    health: { canary: arm, stable: arm },
    settings: { falseAlarmRate: 0.01, latencyMargin: 1.2 },
    thresholds: [0.084, 0.24, 0.71],
  });
}

export function stepBegun(story: Telling, percent: number): Telling {
  return story.tell({
    kind: 'step-started',
    percent,
    deadline: percent === 100 ? null : story.now + STEP_TIMEOUT + MINUTE,
  });
}
