import { expect, jest, test } from '@jest/globals';
import { MINUTE } from '../../src/core/time/clock.ts';
import { playFleet } from './fleet.ts';
import { reportOf } from './fleet-report.ts';

jest.setTimeout(120_000);

test('six services at once, with an eighth of the account’s limits: none fails of it, no verdict is late, few calls are made', async () => {
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

test('six services at once, with what is left of the limits where 200 are released: late by a minute at most, and the truth', async () => {
  const result = await playFleet({
    services: 6,
    seed: 2,
    limits: 6 / 200,
    noise: 0,
    rollout: { steps: [10, 50, 100], bakeTime: 3 * MINUTE, keepOld: 0 },
  });
  expect(reportOf(result).broken).toEqual([]);
});
