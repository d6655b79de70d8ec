import { expect, jest, test } from '@jest/globals';
import { MINUTE } from '../../src/core/time/clock.ts';
import { playFleet } from './fleet.ts';
import { reportOf } from './fleet-report.ts';

jest.setTimeout(120_000);

test('six simultaneous rollouts with an eighth of the account’s limits keep all promises, although calls are throttled', async () => {
  const result = await playFleet({
    services: 6,
    seed: 1,
    limits: 1 / 8,
    noise: 0.005,
    rollout: { steps: [10, 50, 100], bakeTime: 3 * MINUTE, keepOld: 0 },
  });
  expect(reportOf(result).broken).toEqual([]);
  expect(result.members.flatMap(({ calls }) => calls).some(({ throttled }) => throttled)).toBe(true);
});

test('six simultaneous rollouts with the share of the limits that 200 services leave end correctly, with evaluations at most a minute late', async () => {
  const result = await playFleet({
    services: 6,
    seed: 3,
    limits: 6 / 200,
    noise: 0,
    rollout: { steps: [10, 50, 100], bakeTime: 3 * MINUTE, keepOld: 0 },
  });
  expect(reportOf(result).broken).toEqual([]);
});
