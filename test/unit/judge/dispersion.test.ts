import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { dispersion } from '../../../src/judge/dispersion.ts';
import { Random } from '../../bench/random.ts';

test('independent errors have a dispersion of about 1', () => {
  const random = new Random(1);
  const errors = Array.from({ length: 180 }, () => random.poisson(3));
  expect(dispersion(errors)).toBeGreaterThanOrEqual(1);
  expect(dispersion(errors)).toBeLessThan(1.3);
});

test('errors in clusters of ten have a dispersion of about ten', () => {
  const random = new Random(2);
  const errors = Array.from({ length: 180 }, () => 10 * random.poisson(0.3));
  expect(dispersion(errors)).toBeGreaterThan(7);
  expect(dispersion(errors)).toBeLessThan(13);
});

test('it is variance divided by mean', () => {
  expect(dispersion([0, 0, 0, 12])).toBe(12);
});

test('it is at least 1: without errors, without periods, or with equal counts', () => {
  expect(dispersion([])).toBe(1);
  expect(dispersion([40])).toBe(1);
  expect(dispersion([0, 0, 0])).toBe(1);
  expect(dispersion([5, 5, 5])).toBe(1);
});

test('when clients retry k times, every error counts k times less', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(50), { minLength: 2, maxLength: 180 }),
      fc.integer({ min: 2, max: 30 }),
      (errors, k) => {
        const [once, more] = [dispersion(errors), dispersion(errors.map((count) => count * k))];
        if (once > 1) expect(more).toBeCloseTo(once * k, 6);
        else expect(more).toBeGreaterThanOrEqual(1);
      },
    ),
    { seed: 6, numRuns: 200 },
  );
});
