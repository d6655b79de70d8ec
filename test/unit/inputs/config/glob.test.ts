import { describe, expect, test } from '@jest/globals';
import picomatch from 'picomatch';
import { globTest } from '../../../../src/inputs/config/glob.ts';
import { seeded } from '../../../support/simulated-aws.ts';

test.each([
  ['web/**', 'web', true],
  ['web/**/x', 'web/x', true],
  ['*/x', '/x', false],
  ['a/[!b]/c', 'a/x/c', true],
  ['a/[^b]/c', 'a/b/c', false],
  ['pages/[id]/**', 'pages/[id]/index.js', true],
  ['a{b,c/{d,e}}f', 'ac/ef', true],
  ['a{b', 'a{b', true],
  ['{a}', '{a}', true],
  [String.raw`a\*b`, 'a*b', true],
  [String.raw`a\*b`, 'axb', false],
  ['a?c', 'a/c', false],
  ['**.js', 'a/b.js', true],
  ['a/**.js', 'a/b/c.js', false],
  ['[z-a]', '[z-a]', true],
  ['(x)|y', '(x)|y', true],
])('%s and %s: %s', (glob, path, expected) => {
  expect(globTest(glob)!(path)).toBe(expected);
});

test('a glob with too many alternatives is refused', () => {
  expect(globTest('{a,b}'.repeat(9))).not.toBeNull();
  expect(globTest('{a,b}'.repeat(10))).toBeNull();
  expect(globTest(`{${'a,'.repeat(2_000)}}`)).toBeNull();
});

describe('any number of wildcards', () => {
  test.each([
    ['*a*a*a*a*a*a*a*a*a*ab', 'a'.repeat(4_000)],
    ['**/a/**/a/**/a/**/a/**/b', 'a/'.repeat(2_000)],
    ['{*a,*a*}{*a,*a*}{*a,*a*}b', 'a'.repeat(2_000)],
  ])('%s does not take forever', (glob, path) => {
    expect(globTest(glob)!(path)).toBe(false);
    expect(globTest(glob)!(`${path}b`)).toBe(true);
  });
});

test('paths match as with picomatch', () => {
  const random = seeded(1);
  const some = (parts: readonly string[]) =>
    Array.from(
      { length: 1 + Math.floor(6 * random()) },
      () => parts[Math.floor(parts.length * random())],
    ).join('');
  const different: string[] = [];
  let matched = 0;
  for (let round = 0; round < 3_000; round++) {
    const glob = some([
      'a',
      'b',
      '/',
      '*',
      '**/',
      '/**',
      '?',
      '[ab]',
      '[^a]',
      '{a,b}',
      '{a/b,c}',
      '.',
      '*.js',
    ])
      .replaceAll(/\/{2,}/g, '/')
      .replace(/^\/|\/$/g, '');
    // Where picomatch contradicts itself: `**{a,b}` is any depth for it, `**a` is not.
    if (glob === '' || /^\.\.?(\/|$)|\*\*[{*]/.test(glob)) continue;
    const expected = picomatch(glob, { dot: true, nonegate: true, noextglob: true });
    for (let turn = 0; turn < 5; turn++) {
      const path = some(['a', 'b', 'c', '/', '.js', 'ab'])
        .replaceAll(/\/{2,}/g, '/')
        .replace(/^\/|\/$/g, '');
      if (path === '') continue;
      if (expected(path)) matched += 1;
      if (globTest(glob)!(path) !== expected(path)) different.push(`${glob} ${path}`);
    }
  }
  expect(different).toEqual([]);
  expect(matched).toBeGreaterThan(500);
});
