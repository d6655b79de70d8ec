import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../../src/judge/judge.ts';
import { DEFAULT_SETTINGS } from '../../../../src/judge/recording.ts';
import { atLeast, atMost } from '../../../../src/commands/backtest/confidence.ts';
import type { History, Served } from '../../../../src/commands/backtest/history.ts';
import { backtest } from '../../../../src/commands/backtest/backtest.ts';
import type { BacktestSettings } from '../../../../src/commands/backtest/model.ts';
import { backtestInWords } from '../../../../src/commands/backtest/messages.ts';
import { verdictsSoFar } from '../../../../src/commands/backtest/so-far.ts';
import { periodsToPass } from '../../../../src/judge/time-to-pass.ts';
import { MINUTE } from '../../../../src/core/time/clock.ts';

const HALF_A_DAY = 12 * 60;

/** Half a day of a service; `served` returns the traffic of a minute, undefined for none. */
function history(served: (t: number) => Omit<Served, 't'> | undefined): History {
  const minutes = Array.from({ length: HALF_A_DAY }, (_, t) => ({ t, served: served(t) }));
  return {
    origin: Date.UTC(2026, 10, 20),
    period: MINUTE,
    periods: HALF_A_DAY,
    served: minutes.flatMap(({ t, served }) => (served ? [{ t, ...served }] : [])),
  };
}

const slowOf = (requests: number) => ({
  overThreshold: [0.5, 0.1, 0.01].map((share) => Math.ceil(share * requests)),
  overMargin: [0.4, 0.07, 0.006].map((share) => Math.floor(share * requests)),
});

const steady = (requests: number, errors = 0) =>
  history(() => ({ requests, errors, slow: slowOf(requests) }));

const terms: BacktestSettings = {
  share: 0.1,
  rollouts: 60,
  length: 60,
  stepTimeout: 30,
  seed: 1,
  settings: DEFAULT_SETTINGS,
};

describe('simulated rollouts', () => {
  const busy = backtest(steady(1_500, 1), terms);

  test('have almost no false rollbacks, with a confidence bound', () => {
    const { rolledBackForNothing } = busy;
    expect(rolledBackForNothing.rollouts).toBe(60);
    expect(rolledBackForNothing.atLeast).toBeLessThan(DEFAULT_SETTINGS.falseAlarmRate);
    expect(rolledBackForNothing.atMost).toBeGreaterThan(rolledBackForNothing.share);
    expect(rolledBackForNothing.atMost).toBeLessThan(0.1);
  });

  test('have none even while the service fails a third of its requests for half an hour', () => {
    const incident = history((t) => {
      const errors = t >= 300 && t < 330 ? 500 : 1;
      return { requests: 1_500, errors, slow: slowOf(1_500) };
    });
    const { rolledBackForNothing } = backtest(incident, { ...terms, rollouts: 100 });
    expect(rolledBackForNothing.atLeast).toBeLessThan(DEFAULT_SETTINGS.falseAlarmRate);
  });

  test('find worse faults sooner, and never before the metrics exist', () => {
    const lived = busy.faults.map(({ medianMinutes }) => medianMinutes!);
    expect(busy.faults.map(({ errorRate }) => errorRate)).toEqual([0.01, 0.05, 0.5]);
    expect(busy.faults.every(({ found, rollouts }) => found === rollouts)).toBe(true);
    expect(lived).toEqual(lived.toSorted((a, b) => b - a));
    // One minute with half of the requests failing is enough; CloudWatch is two minutes late.
    expect(lived[2]).toBe(3);
  });

  test('give the same result for the same seed', () => {
    const again = backtest(steady(1_500, 1), terms);
    expect(again).toEqual(busy);
  });

  test('are reported as sentences and a table', () => {
    const lines = backtestInWords({ ...busy, service: 'web', cluster: 'shop' });
    expect(lines[0]).toBe(
      'Service web of cluster shop from 2026-11-20T00:00:00.000Z to 2026-11-20T12:00:00.000Z: 1,500 requests per minute, 0.067% of them failed.',
    );
    expect(lines).toContainEqual(expect.stringMatching(/false rollbacks: \d of 60 /));
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}50% +3m +3m +100%$/));
    expect(lines.join('\n')).toContain('Recommendation: The settings fit');
  });
});

describe('the recommendation', () => {
  test('is no change if steps pass in time', () => {
    const { recommendation, passed } = backtest(steady(1_500, 1), terms);
    expect(passed.share).toBeGreaterThan(0.95);
    expect(recommendation).toMatch(/^The settings fit: half of the first steps pass within \dm\.$/);
  });

  test('is larger steps or more tolerance for few requests, which are then sufficient', () => {
    const sparse = steady(40);
    const { passed, recommendation } = backtest(sparse, terms);
    expect(passed).toMatchObject({ share: 0, medianMinutes: null });
    expect(recommendation).toContain('at 40 requests per minute, a step of 10% needs about 1h40m to pass');
    const [, first, tolerance] = /set steps to (\d+)[\d,]* or set error-tolerance to ([\d.]+)%/.exec(
      recommendation,
    )!;
    const larger = backtest(sparse, { ...terms, share: Number(first) / 100 });
    expect(larger.passed.share).toBeGreaterThan(0.9);
    const settings = { ...DEFAULT_SETTINGS, errorTolerance: Number(tolerance) / 100 };
    expect(backtest(sparse, { ...terms, settings }).passed.share).toBeGreaterThan(0.9);
  });

  test('is another time if there are no requests for hours', () => {
    const office = history((t) => (t < 300 ? undefined : { requests: 1_500, errors: 1, slow: null }));
    const { recommendation, traffic, passed } = backtest(office, terms);
    expect(traffic).toMatchObject({ requestsPerMinuteWhenQuiet: 0, latency: false });
    expect(passed.share).toBeGreaterThan(0.4);
    expect(recommendation).toContain('roll out when there are more requests');
  });

  test('is another time or service if there are no requests', () => {
    const { recommendation, traffic } = backtest(
      history(() => undefined),
      terms,
    );
    expect(traffic.requestsPerMinute).toBe(0);
    expect(recommendation).toContain('The service received no requests');
  });
});

test('the predicted time of a step is the time that the judge takes', () => {
  const traffic = { requests: 2_000, errorRate: 0 };
  const expected = periodsToPass(traffic, { share: 0.1, errorTolerance: 0.01, warmUp: 3 })!;
  const recording = {
    period: 60,
    steps: [{ at: 0, percent: 10 }],
    minutes: Array.from({ length: 30 }, (_, t) => ({
      t,
      canary: { requests: 200, errors: 0 },
      stable: { requests: 1_800, errors: 0 },
    })),
    settings: { warmUp: 3, metricDelay: 0, errorTolerance: 0.01 },
  };
  const passed = verdictsSoFar(recording, judge(recording).evidence).indexOf('pass');
  expect(passed + 1).toBe(expected);
});

test('a step without requests never passes', () => {
  expect(
    periodsToPass({ requests: 0, errorRate: 0 }, { share: 0.1, errorTolerance: 0.01, warmUp: 3 }),
  ).toBeNull();
});

test('the bounds of a probability are those of Clopper and Pearson', () => {
  expect(atMost(0, 1_000)).toBeCloseTo(1 - 0.05 ** (1 / 1_000), 6);
  expect(atMost(5, 100)).toBeCloseTo(0.10225, 4);
  expect(atLeast(0, 100)).toBeCloseTo(0, 6);
  expect(atLeast(100, 100)).toBeCloseTo(0.05 ** (1 / 100), 6);
});
