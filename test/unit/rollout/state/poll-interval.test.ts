import { expect, test } from '@jest/globals';
import { MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { PollInterval, type Expected } from '../../../../src/rollout/state/poll-interval.ts';

const judging = { metricPeriod: MINUTE, metricDelay: 2 * MINUTE };
const START = Date.UTC(2026, 10, 21, 12);
const interval = () => new PollInterval('arn:deployment', judging);
const nextOf = (expected: Partial<Expected>) =>
  interval().next({ now: START + 20 * SECOND, pace: 'steady', until: null, ...expected }).delay;

test('ECS is read every two seconds while it moves, every five usually, every eleven while nothing happens', () => {
  for (const [pace, usual] of [
    ['moving', 2],
    ['steady', 5],
    ['quiet', 11],
  ] as const) {
    const next = nextOf({ pace });
    expect(next).toBeGreaterThanOrEqual(0.9 * usual * SECOND);
    expect(next).toBeLessThanOrEqual(1.1 * usual * SECOND);
  }
});

test('the next metrics are not waited for longer than five seconds', () => {
  for (const second of [50, 51, 55, 59, 59.9]) {
    const now = START + second * SECOND;
    const at = now + nextOf({ now, pace: 'quiet' });
    expect(at).toBeLessThanOrEqual(START + MINUTE + 5 * SECOND);
  }
});

test('metrics that were just read are not waited for', () => {
  expect(nextOf({ now: START + SECOND / 10, pace: 'quiet' })).toBeGreaterThanOrEqual(9 * SECOND);
});

test('the end of a wait is met', () => {
  expect(nextOf({ pace: 'quiet', until: START + 23 * SECOND })).toBe(3 * SECOND);
  expect(nextOf({ pace: 'quiet', until: START + 19 * SECOND })).toBeGreaterThanOrEqual(9 * SECOND);
});

test('slow answers make it longer, up to four times', () => {
  const slow = interval();
  for (let index = 0; index < 5; index += 1) slow.answeredIn(10 * SECOND);
  const { delay: next } = slow.next({ now: START + 10 * SECOND, pace: 'steady', until: null });
  expect(next).toBeGreaterThanOrEqual(18 * SECOND);
  expect(next).toBeLessThanOrEqual(22 * SECOND);
});

test('metrics that are due do not put off what is read regularly', () => {
  const quiet = interval();
  const now = START + 57 * SECOND;
  const first = quiet.next({ now, pace: 'quiet', until: null });
  expect(first.isShortened).toBe(true);
  const second = quiet.next({ now: now + first.delay, pace: 'quiet', until: null });
  expect(second.isShortened).toBe(false);
  expect(first.delay + second.delay).toBeLessThanOrEqual(12.1 * SECOND);
});
