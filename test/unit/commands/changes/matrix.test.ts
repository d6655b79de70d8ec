import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { Changes } from '../../../../src/commands/changes/changes.ts';
import { checkMatrices, matrixOf } from '../../../../src/commands/changes/matrix.ts';
import { MOST_WAVES } from '../../../../src/inputs/config/waves.ts';
import { read } from '../../docs/pages.ts';

/** `counts[0]` services in the first wave, and so on. */
function touching(...counts: number[]): Changes {
  const touched = counts.flatMap((count, index) =>
    Array.from({ length: count }, (_, number) => ({
      service: `service-${index + 1}-${number}`,
      reasons: ['everything'],
      wave: index + 1,
      longest: 0,
    })),
  );
  return { touched, gone: [], environment: null, idle: null, compared: '', files: null, warning: null };
}

const sizes = (matrices: readonly { include: readonly unknown[] }[]) =>
  matrices.map(({ include }) => include.length);

test('300 services in two parts: no matrix is larger than GitHub takes, and no service is lost', () => {
  const matrices = matrixOf(touching(300), 2);
  expect(sizes(matrices.parts)).toEqual([256, 44]);
  expect(sizes(matrices.waves)).toEqual([256, 44, 0, 0, 0, 0, 0, 0, 0, 0]);
  const names = matrices.parts.flatMap(({ include }) => include.map(({ service }) => service));
  expect(new Set(names).size).toBe(300);
  expect(() => checkMatrices(matrices)).not.toThrow();
});

test('by default there is one part: 256 services fit, 257 are refused with the number of parts', () => {
  expect(() => checkMatrices(matrixOf(touching(256)))).not.toThrow();
  expect(() => checkMatrices(matrixOf(touching(257)))).toThrow(
    '257 services are to be deployed, and GitHub takes at most 256 jobs from one matrix: with parts: 1, 256 services. Set parts to 2',
  );
  expect(() => checkMatrices(matrixOf(touching(600), 2))).toThrow('Set parts to 3');
});

test('services in several waves are refused if the matrix of all is too large', () => {
  expect(() => checkMatrices(matrixOf(touching(200, 200)))).toThrow('Set parts to 2');
  const split = matrixOf(touching(200, 200), 2);
  expect(() => checkMatrices(split)).not.toThrow();
  expect(sizes(split.waves).slice(0, 4)).toEqual([200, 0, 200, 0]);
});

test('if nothing is deployed, nothing is refused', () => {
  expect(() => checkMatrices(matrixOf({ ...touching(999), idle: 'because' }))).not.toThrow();
});

test('the monorepo workflow has a job for each part of each wave, and of the plan', () => {
  const { jobs } = parse(read('.github/workflows/deploy.yml'), { merge: true });
  const { parts } = jobs.changes.steps.at(-1).with;
  const used = Object.values<{ strategy?: { matrix: string } }>(jobs).flatMap(
    ({ strategy }) =>
      /outputs\.(\w+)\)\[(\d+)\]/
        .exec(strategy?.matrix ?? '')
        ?.slice(1)
        .join(' ') ?? [],
  );
  const expected = [
    ...Array.from({ length: parts }, (_, index) => `matrices ${index}`),
    ...Array.from({ length: MOST_WAVES * parts }, (_, index) => `waves ${index}`),
  ];
  expect(used.sort()).toEqual(expected.sort());
});
