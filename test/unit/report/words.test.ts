import { expect, test } from '@jest/globals';
import { likelier, percent } from '../../../src/judge/words.ts';
import { durationInWords, evidenceInWords, percentOf } from '../../../src/report/words.ts';

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
  [0.00001, '0.001%'],
  [0.00033, '0.033%'],
  [0.0406, '4.1%'],
  [0.162, '16%'],
  [0.9934, '99.3%'],
  [1, '100%'],
])('a share of %d is %s, also in the words of the judge', (share, words) => {
  expect(percentOf(share, 1)).toBe(words);
  expect(percent(share)).toBe(words);
});

test.each([0.7, 100, 2_316, 980_000, 8.6e7])('evidence of %d has the same words as in a verdict', (times) => {
  expect(likelier(times)).toBe(`this is ${evidenceInWords(times)} times more likely`);
});
