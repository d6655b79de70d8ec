import { describe, expect, jest, test } from '@jest/globals';
import { MINUTE } from '../../src/core/time/clock.ts';
import { immediate } from '../support/virtual-clock.ts';
import { killEverywhere, placesToDie } from './crash.ts';
import { runTrial, type TrialResult } from './run-trial.ts';
import { rollingTrialOf } from './rolling.ts';
import { SCENARIOS } from './scenarios.ts';
import { trialOf } from './trial.ts';
import { secondRunTrialOf, Turns } from './turns.ts';

// Thousands of rollouts take their time, all of them together.
jest.setTimeout(120_000);

/** What is wrong with it, in words that say how to see it again. */
const wrong = ({ trial, kill, violations }: TrialResult): string[] =>
  violations.map(
    ({ invariant, detail }) => `seed ${trial.seed} ${JSON.stringify(kill)}: ${invariant}: ${detail}`,
  );

describe('random rollouts', () => {
  test('100 of them, good and bad, under every fault, break no invariant', async () => {
    const broken: string[] = [];
    for (let seed = 1; seed <= 100; seed++)
      broken.push(...wrong(await runTrial(trialOf(seed), null, immediate)));
    expect(broken).toEqual([]);
  });

  test('30 rolling updates, in one target group', async () => {
    const broken: string[] = [];
    for (let seed = 1; seed <= 30; seed++)
      broken.push(...wrong(await runTrial(rollingTrialOf(seed), null, immediate)));
    expect(broken).toEqual([]);
  });

  test('5 of them through the whole of the SDK, too', async () => {
    const broken: string[] = [];
    for (let seed = 1; seed <= 5; seed++)
      broken.push(...wrong(await runTrial(trialOf(seed, 'sdk'), null, immediate)));
    expect(broken).toEqual([]);
  });

  test('through the SDK, time goes on after a call that was given up', async () => {
    expect(wrong(await runTrial(trialOf(92, 'sdk'), null, immediate))).toEqual([]);
  });

  test.each([3, 8, 13, 36])('the same seed tells the same story to the letter (%i)', async (seed) => {
    const [first, second] = [
      await runTrial(trialOf(seed), null, immediate),
      await runTrial(trialOf(seed), null, immediate),
    ];
    expect(first.events.length).toBeGreaterThan(1);
    expect(second.events).toEqual(first.events);
    expect(second.made).toEqual(first.made);
  });
});

describe('killed at every call', () => {
  // The other scenarios, and thousands of seeds: npm run simulate.
  test.each(['crash', 'cancel'])(
    '%s: for good, run again at once, or finished by the post step',
    async (name) => {
      const broken: string[] = [];
      let deaths = 0;
      for await (const result of killEverywhere(SCENARIOS[name]!, immediate)) {
        expect(result.finished).toBeNull();
        broken.push(...wrong(result));
        deaths += 1;
      }
      expect(broken).toEqual([]);
      expect(deaths).toBeGreaterThan(30);
    },
  );

  test('a bad rolling update, at some of its calls: run again it is undone, and by the post step too', async () => {
    const trial = SCENARIOS['rolling, errors']!;
    const { made } = await runTrial(trial, null, immediate);
    const places = placesToDie(made).different.filter((_, index) => index % 6 === 0);
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
    // Before anything was started, the post step has nothing to undo.
    expect(ends).toEqual(new Set(['rolled-back', 'failed']));
  });

  test('no place to die is left out: two for each call, and those that differ are each tried', () => {
    const made = [
      { call: 1, operation: 'DescribeServices', at: 0, told: 1 },
      { call: 2, operation: 'UpdateService', at: 0, told: 1 },
      { call: 3, operation: 'ListTasks', at: 5, told: 1 },
    ];
    expect(placesToDie(made)).toEqual({
      all: 6,
      different: [
        { call: 1, when: 'before' },
        { call: 2, when: 'after' },
        { call: 3, when: 'before' },
      ],
    });
  });
});

test('a start that AWS did not let through leaves nothing that was remembered for it', async () => {
  expect(wrong(await runTrial(trialOf(793), null, immediate))).toEqual([]);
});

test('a release that somebody aborted half-way is deployed by the next run', async () => {
  const abortedAt = 150_000;
  const trial = {
    ...SCENARIOS['good']!,
    interference: { kind: 'aborts it', at: abortedAt, count: 1 } as const,
  };
  const { made } = await runTrial(trial, null, immediate);
  const after = made.find(({ at }) => at > made[0]!.at + abortedAt)!;
  const result = await runTrial(trial, { call: after.call, when: 'before', next: 'run again' }, immediate);
  expect(result.lastFinished?.outcome).toBe('deployed');
});

test.each(['before', 'after'] as const)(
  'a rollback whose asker died just %s it was asked for is told by the post step with the reason it had',
  async (when) => {
    const trial = SCENARIOS['errors']!;
    const { made, finished } = await runTrial(trial, null, immediate);
    const { call } = made.findLast(({ operation }) => /^(Continue|Stop)/.test(operation))!;
    const { lastFinished } = await runTrial(trial, { call, when, next: 'post step' }, immediate);
    expect(lastFinished).toMatchObject({ outcome: 'rolled-back', reason: finished!.reason });
  },
);

describe('whoever waits for an approval and dies', () => {
  const trial = SCENARIOS['approval']!;
  const dying = async (next: 'run again' | 'nobody') => {
    const { made, events, finished } = await runTrial(trial, null, immediate);
    expect(finished?.outcome).toBe('deployed');
    const waits = events.find(({ kind }) => kind === 'gate-waiting')!.at;
    const { call } = made.find(({ at }) => at > waits + 2 * MINUTE)!;
    return runTrial(trial, { call, when: 'before', next }, immediate);
  };

  test('is run again, and the approval opens the gate of the rollout that is carried on', async () => {
    const result = await dying('run again');
    expect(wrong(result)).toEqual([]);
    expect(result.lastFinished?.outcome).toBe('deployed');
    expect(result.events.filter(({ kind }) => kind === 'gate-passed')).toHaveLength(1);
  });

  test('leaves the end to ECS, which rolls back: an approval alone moves nothing', async () => {
    const result = await dying('nobody');
    expect(wrong(result)).toEqual([]);
    // The next run finds it undone and begins anew; what was approved before opens nothing there.
    const [, again] = result.events.filter(({ kind }) => kind === 'rollout-started');
    expect(again).toMatchObject({ adopted: false });
    const passed = result.events.find(({ kind }) => kind === 'gate-passed');
    expect(passed!.at - again!.at).toBeGreaterThan(6 * MINUTE);
  });
});

describe('a second run for the same service', () => {
  test('60 of them, of the same release or another one, under every fault: the two never act at once', async () => {
    const broken: string[] = [];
    for (let seed = 1; seed <= 60; seed++)
      broken.push(...wrong(await runTrial(secondRunTrialOf(seed), null, immediate)));
    expect(broken).toEqual([]);
  });

  test('who acts again after another one has acted is out of turn', () => {
    const turns = new Turns();
    const update = { service: 'ecs', operation: 'UpdateService', input: {} } as const;
    const renewal = { ...update, operation: 'TagResource', input: { tags: [{ key: 'ecs-ramp:lease' }] } };
    expect([turns.acted('one', update), turns.acted('one', update), turns.acted('two', update)]).toEqual([
      null,
      null,
      null,
    ]);
    expect(turns.acted('one', renewal)).toBeNull();
    expect(turns.acted('one', update)).toBe('UpdateService by one, then two, then one');
  });

  test('a job that gives its lease back while AWS does not answer is not silent meanwhile', async () => {
    expect(wrong(await runTrial(secondRunTrialOf(295), null, immediate))).toEqual([]);
  });
});
