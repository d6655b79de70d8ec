import { describe, expect, jest, test } from '@jest/globals';
import { MINUTE } from '../../src/core/time/clock.ts';
import { immediate } from '../support/virtual-clock.ts';
import { killEverywhere, placesToDie } from './crash.ts';
import { runTrial, type TrialResult } from './run-trial.ts';
import { platformTrialOf } from './platform.ts';
import { rollingTrialOf } from './rolling.ts';
import { SCENARIOS } from './scenarios.ts';
import { trialOf } from './trial.ts';
import { secondRunTrialOf, ConcurrentRunDetector } from './turns.ts';

jest.setTimeout(120_000);

/** The broken invariants, with the seed and the kill that repeat them. */
const wrong = ({ trial, kill, violations }: TrialResult): string[] =>
  violations.map(
    ({ invariant, detail }) => `seed ${trial.seed} ${JSON.stringify(kill)}: ${invariant}: ${detail}`,
  );

describe('random rollouts', () => {
  test('100 rollouts, good and bad, with faults of all kinds, break no invariant', async () => {
    const broken: string[] = [];
    for (let seed = 1; seed <= 100; seed++)
      broken.push(...wrong(await runTrial(trialOf(seed), null, immediate)));
    expect(broken).toEqual([]);
  });

  test('30 rolling updates in one target group break no invariant', async () => {
    const broken: string[] = [];
    for (let seed = 1; seed <= 30; seed++)
      broken.push(...wrong(await runTrial(rollingTrialOf(seed), null, immediate)));
    expect(broken).toEqual([]);
  });

  test('40 rollouts on instances, Spot and full clusters break no invariant', async () => {
    const broken: string[] = [];
    for (let seed = 1; seed <= 40; seed++)
      broken.push(...wrong(await runTrial(platformTrialOf(seed), null, immediate)));
    expect(broken).toEqual([]);
  });

  test.each([
    [798, 'a host of the old revision that drains in a pause, with no room for its tasks'],
    [874, 'a Spot interruption just before the first step'],
    [196, 'a service that lacked room before the rollout'],
    [70008708, 'the circuit breaker of ECS while tasks wait for room'],
    [70000122, 'tasks that waited longer for an instance than they may take to start'],
    [665, 'requests to the tasks of a lost host during the warm-up'],
    [970, 'requests to the tasks of a lost host after the warm-up'],
    [300006233, 'a false alarm of the judge minutes after a host was lost, as its rate allows'],
    [7438, 'somebody answers a pause while all new tasks are replaced'],
    [70000222, 'the only new task is taken just before the end of the watch at 100%'],
  ])('seed %i: %s', async (seed) => {
    expect(wrong(await runTrial(platformTrialOf(seed), null, immediate))).toEqual([]);
  });

  test('5 rollouts through the whole SDK break no invariant', async () => {
    const broken: string[] = [];
    for (let seed = 1; seed <= 5; seed++)
      broken.push(...wrong(await runTrial(trialOf(seed, 'sdk'), null, immediate)));
    expect(broken).toEqual([]);
  });

  test('through the SDK, virtual time goes on after an aborted call', async () => {
    expect(wrong(await runTrial(trialOf(92, 'sdk'), null, immediate))).toEqual([]);
  });

  test.each([3, 8, 13, 36])('seed %i gives exactly the same events and calls each time', async (seed) => {
    const [first, second] = [
      await runTrial(trialOf(seed), null, immediate),
      await runTrial(trialOf(seed), null, immediate),
    ];
    expect(first.events.length).toBeGreaterThan(1);
    expect(second.events).toEqual(first.events);
    expect(second.recordedCalls).toEqual(first.recordedCalls);
  });
});

describe('a run that is killed', () => {
  // `npm run simulate -- --crashes` runs all scenarios.
  test.each(['crash', 'cancel'])(
    'at any call of the scenario %s breaks no invariant, whatever comes next',
    async (name) => {
      const broken: string[] = [];
      let kills = 0;
      for await (const result of killEverywhere(SCENARIOS[name]!, immediate)) {
        expect(result.finished).toBeNull();
        broken.push(...wrong(result));
        kills += 1;
      }
      expect(broken).toEqual([]);
      expect(kills).toBeGreaterThan(30);
    },
  );

  test('during a bad rolling update is rolled back by the next run or the post step', async () => {
    const trial = SCENARIOS['rolling, errors']!;
    const { recordedCalls } = await runTrial(trial, null, immediate);
    const places = placesToDie(recordedCalls).different.filter((_, index) => index % 6 === 0);
    const broken: string[] = [];
    const ends = new Set<string>();
    for (const place of places) {
      for (const next of ['run again', 'post step'] as const) {
        const result = await runTrial(trial, { ...place, next }, immediate);
        broken.push(...wrong(result));
        ends.add(result.lastFinished?.outcome ?? 'nothing');
      }
    }
    expect(broken).toEqual([]);
    // `failed`: the run was killed before it started a deployment.
    expect(ends).toEqual(new Set(['rolled-back', 'failed']));
  });

  test('is killed at each place that differs in time, writes or trail', () => {
    const recordedCalls = [
      { call: 1, operation: 'DescribeServices', at: 0, eventsBefore: 1 },
      { call: 2, operation: 'UpdateService', at: 0, eventsBefore: 1 },
      { call: 3, operation: 'ListTasks', at: 5, eventsBefore: 1 },
    ];
    expect(placesToDie(recordedCalls)).toEqual({
      all: 6,
      different: [
        { call: 1, when: 'before' },
        { call: 2, when: 'after' },
        { call: 3, when: 'before' },
      ],
    });
  });
});

test("somebody else's deployment that never ends does not stop the simulation", async () => {
  expect(wrong(await runTrial(trialOf(23946), null, immediate))).toEqual([]);
});

test('a job that is cancelled after it has requested a rollback need not request it again', async () => {
  expect(wrong(await runTrial(rollingTrialOf(10556), null, immediate))).toEqual([]);
});

test('a start that AWS rejects leaves no saved configuration behind', async () => {
  expect(wrong(await runTrial(trialOf(793), null, immediate))).toEqual([]);
});

test('the next run deploys a release that somebody aborted during the rollout', async () => {
  const abortedAt = 150_000;
  const trial = {
    ...SCENARIOS['good']!,
    interference: { kind: 'aborts it', at: abortedAt, count: 1 } as const,
  };
  const { recordedCalls } = await runTrial(trial, null, immediate);
  const after = recordedCalls.find(({ at }) => at > recordedCalls[0]!.at + abortedAt)!;
  const result = await runTrial(trial, { call: after.call, when: 'before', next: 'run again' }, immediate);
  expect(result.lastFinished?.outcome).toBe('deployed');
});

test.each(['before', 'after'] as const)(
  'the post step reports the reason of a rollback when the run is killed just %s it requests the rollback',
  async (when) => {
    const trial = SCENARIOS['errors']!;
    const { recordedCalls, finished } = await runTrial(trial, null, immediate);
    const { call } = recordedCalls.findLast(({ operation }) => /^(Continue|Stop)/.test(operation))!;
    const { lastFinished } = await runTrial(trial, { call, when, next: 'post step' }, immediate);
    expect(lastFinished).toMatchObject({ outcome: 'rolled-back', reason: finished!.reason });
  },
);

describe('a run that is killed while it waits for an approval', () => {
  const trial = SCENARIOS['approval']!;
  const killed = async (next: 'run again' | 'nobody') => {
    const { recordedCalls, events, finished } = await runTrial(trial, null, immediate);
    expect(finished?.outcome).toBe('deployed');
    const waits = events.find(({ kind }) => kind === 'gate-waiting')!.at;
    const { call } = recordedCalls.find(({ at }) => at > waits + 2 * MINUTE)!;
    return runTrial(trial, { call, when: 'before', next }, immediate);
  };

  test('is continued by the next run, for which the approval opens the gate', async () => {
    const result = await killed('run again');
    expect(wrong(result)).toEqual([]);
    expect(result.lastFinished?.outcome).toBe('deployed');
    expect(result.events.filter(({ kind }) => kind === 'gate-passed')).toHaveLength(1);
  });

  test('is rolled back by ECS if no other run follows, even after an approval', async () => {
    const result = await killed('nobody');
    expect(wrong(result)).toEqual([]);
    // The next run starts another rollout. The earlier approval does not open its gate.
    const [, again] = result.events.filter(({ kind }) => kind === 'rollout-started');
    expect(again).toMatchObject({ adopted: false });
    const passed = result.events.find(({ kind }) => kind === 'gate-passed');
    expect(passed!.at - again!.at).toBeGreaterThan(6 * MINUTE);
  });
});

describe('a second run for the same service', () => {
  test('never acts at the same time as the first one, in 60 trials with faults of all kinds', async () => {
    const broken: string[] = [];
    for (let seed = 1; seed <= 60; seed++)
      broken.push(...wrong(await runTrial(secondRunTrialOf(seed), null, immediate)));
    expect(broken).toEqual([]);
  });

  test('is detected when a run acts again after another one has acted', () => {
    const detector = new ConcurrentRunDetector();
    const update = { service: 'ecs', operation: 'UpdateService', input: {} } as const;
    const renewal = { ...update, operation: 'TagResource', input: { tags: [{ key: 'ecs-ramp:lease' }] } };
    expect([
      detector.acted('one', update),
      detector.acted('one', update),
      detector.acted('two', update),
    ]).toEqual([null, null, null]);
    expect(detector.acted('one', renewal)).toBeNull();
    expect(detector.acted('one', update)).toBe('UpdateService by one, then two, then one');
  });

  test('does not make a job silent that releases its lease while AWS does not answer', async () => {
    expect(wrong(await runTrial(secondRunTrialOf(295), null, immediate))).toEqual([]);
  });
});

test('a release whose tasks all fail after ECS removed the old ones is reported as dirty', async () => {
  const result = await runTrial(trialOf(46110983), null, immediate);
  expect(wrong(result)).toEqual([]);
  expect(result.finished?.outcome).toBe('dirty');
});

test('seed 111118209: a run whose rollout ended while it was cut off need not roll back the one of the next run', async () => {
  expect(wrong(await runTrial(secondRunTrialOf(111118209), null, immediate))).toEqual([]);
});

test.each([
  [46101969, 'AWS answers again before it gives up'],
  [111117280, 'AWS answers again while it gives up'],
])(
  'seed %i: a run that AWS did not answer for minutes rolls back nothing that another run has taken over: %s',
  async (seed) => {
    expect(wrong(await runTrial(secondRunTrialOf(seed), null, immediate))).toEqual([]);
  },
);

test('seed 177966191: a rolling update that fails while ECS answers no reads is rolled back all the same', async () => {
  expect(wrong(await runTrial(rollingTrialOf(177966191), null, immediate))).toEqual([]);
});

test.each([
  [
    3448301,
    'the start takes effect, its answer is lost, the second attempt is refused, and ECS shows it later',
  ],
  [510002655, 'somebody deploys again while the job ends'],
  [510008696, 'somebody scales the service, so ECS removes tasks'],
  [510021541, 'somebody scales a service without room'],
])('seed %i: %s', async (seed) => {
  expect(wrong(await runTrial(trialOf(seed), null, immediate))).toEqual([]);
});

test('seed 31253161: a rolling update whose tasks all fail is not reported as deployed between two attempts', async () => {
  expect(wrong(await runTrial(rollingTrialOf(31253161), null, immediate))).toEqual([]);
});

test.each([
  [31261685, 'it reads the tags'],
  [16240901, 'it writes its own'],
])('seed %i: a job that is cancelled while it claims the service leaves no tag behind: %s', async (seed) => {
  expect(wrong(await runTrial(trialOf(seed), null, immediate))).toEqual([]);
});

test('seed 500001520: ECS goes on for ever with tasks that are healthy by turns, in a rolling update that a cancelled job left to it', async () => {
  expect(wrong(await runTrial(rollingTrialOf(500001520), null, immediate))).toEqual([]);
});

test('seed 7471: a job without credentials cannot end a rolling update whose tasks crash after they were healthy', async () => {
  expect(wrong(await runTrial(rollingTrialOf(7471), null, immediate))).toEqual([]);
});
