import { expect, test } from '@jest/globals';
import { durationInWords, percentOf } from '../../../src/report/words.ts';

test.each([
  [0, '0.0s'],
  [400, '0.4s'],
  [999, '1s'],
  [45_400, '45s'],
  [59_600, '1m'],
  [130_000, '2m 10s'],
  [3_600_000, '1h'],
  [3_905_000, '1h 5m'],
  [183_600_000, '2d 3h'],
])('%i ms are %s', (length, words) => {
  expect(durationInWords(length)).toBe(words);
});

test.each([
  [0, '0%'],
  [0.00001, '<0.01%'],
  [0.0003, '0.03%'],
  [0.0406, '4.1%'],
  [1, '100%'],
])('a share of %d is %s', (share, words) => {
  expect(percentOf(share, 1)).toBe(words);
});
