import { describe, expect, test } from '@jest/globals';
import { type Result, SCENARIOS, unmetExpectations } from '../../demo/scenario.ts';
import { table } from '../../demo/table.ts';

function result(name: string, change: Partial<Result> = {}): Result {
  const scenario = SCENARIOS.find((scenario) => scenario.name === name)!;
  const green = scenario.expected.outcome === 'deployed';
  return {
    scenario,
    outcome: scenario.expected.outcome,
    exitCode: green ? 0 : 1,
    highestPercent: green ? 100 : scenario.expected.reachesUsers ? 10 : 0,
    finalPercent: green ? 100 : 0,
    shares: [],
    secondsExposed: green || !scenario.expected.reachesUsers ? null : 21.04,
    seconds: 60,
    requests: 12_000,
    failed: scenario.expected.failures ? 30 : 0,
    refused: [],
    said: true,
    ...change,
  };
}

test('each scenario that ends as its story says disappoints nobody', () => {
  expect(SCENARIOS.map(({ name }) => name)).toEqual(['good', 'errors', 'slow', 'crash', 'full', 'drained']);
  for (const { name } of SCENARIOS) expect(unmetExpectations(result(name))).toEqual([]);
});

describe('the demo is not content', () => {
  test.each<[string, Partial<Result>, string]>([
    ['full', { said: false }, 'the log does not say "waiting for room for the new tasks"'],
    ['good', { outcome: 'rolled-back' }, 'the outcome is rolled-back, not deployed'],
    ['good', { outcome: '' }, 'the outcome is missing, not deployed'],
    ['good', { exitCode: 1 }, 'the action ended with 1'],
    ['good', { finalPercent: 90 }, '90% of the traffic is on the new revision'],
    ['good', { failed: 1 }, '1 requests of users failed'],
    ['errors', { exitCode: 0 }, 'the action ended with 0'],
    ['errors', { finalPercent: 10 }, '10% of the traffic is on the new revision'],
    ['errors', { highestPercent: 0 }, 'no user reached it'],
    ['slow', { failed: 2 }, '2 requests of users failed'],
    ['crash', { highestPercent: 10 }, '10% of the users reached it'],
    ['crash', { failed: 1 }, '1 requests of users failed'],
    [
      'good',
      { refused: ['ecs:TagResource on *', 'ecs:TagResource on *'] },
      'the policy that ecs-ramp policy prints is not enough: AWS denied ecs:TagResource on *',
    ],
  ])('when %s ends with %j', (name, change, problem) => {
    expect(unmetExpectations(result(name, change))).toEqual([problem]);
  });
});

test('the table has a row for each scenario, with what happened to the users', () => {
  const lines = table([result('errors'), result('crash', { failed: 3 })]).split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(
    /^errors +rolled-back +up to 10% +21\.0 s +30 of 12000 \(0\.25%\) +60 s +as expected$/,
  );
  expect(lines[2]).toMatch(/^crash .*no user reached +3 of 12000 \(0\.03%\) .*NOT AS EXPECTED$/);
});
