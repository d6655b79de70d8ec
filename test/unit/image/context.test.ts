import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { selectEntries, type Selection } from '../../../src/image/context/select.ts';

/**
 * Behaviour of current docker that the older client of the e2e test does not have, and cases that
 * are cheap to test here.
 */

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ecs-ramp-entries-'));
});

afterEach(() => rm(root, { recursive: true }));

async function files(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), path);
  }
}

async function selected(selection: Partial<Selection>): Promise<string[]> {
  const entries: string[] = [];
  for await (const entry of selectEntries({ root, exclude: [], include: [], follow: [], ...selection }))
    entries.push(entry.link ? `${entry.path} -> ${entry.link}` : entry.path);
  return entries;
}

test('parents come before children and names in the order of their bytes', async () => {
  await files('b', 'a/z', 'a.txt', 'a-b', 'Z', 'é');
  expect(await selected({})).toEqual(['Z', 'a', 'a/z', 'a-b', 'a.txt', 'b', 'é']);
});

test('what is re-included comes with its directories, and those without anything do not', async () => {
  await files('keep/deep/x.txt', 'keep/deep/y', 'keep/other/y', 'gone/y');
  expect(await selected({ exclude: ['*', '!keep/deep/*.txt'] })).toEqual([
    'keep',
    'keep/deep',
    'keep/deep/x.txt',
  ]);
  expect(await selected({ exclude: ['**', '!**/x.txt'] })).toEqual(['keep', 'keep/deep', 'keep/deep/x.txt']);
  expect(await selected({ exclude: ['keep', '!keep/**', 'keep/deep/y'] })).toEqual([
    'gone',
    'gone/y',
    'keep',
    'keep/deep',
    'keep/deep/x.txt',
    'keep/other',
    'keep/other/y',
  ]);
});

test.each([
  ['**/*.log', ['d', 'd/e']],
  ['d/**', ['a.log', 'd']],
  ['*/*.log', ['a.log', 'd', 'd/e', 'd/e/c.log']],
  ['**.log', ['d', 'd/e']],
  ['[a-c].log', ['d', 'd/b.log', 'd/e', 'd/e/c.log']],
  ['?.log', ['d', 'd/b.log', 'd/e', 'd/e/c.log']],
  ['d/../a.log', ['d', 'd/b.log', 'd/e', 'd/e/c.log']],
  ['\\a.lo[g]', ['d', 'd/b.log', 'd/e', 'd/e/c.log']],
])('%s leaves what it does not mean', async (pattern, left) => {
  await files('a.log', 'd/b.log', 'd/e/c.log');
  expect(await selected({ exclude: [pattern] })).toEqual(left);
});

test.each(['a[', '[]a]', '[', 'a\\'])('%s is refused', async (pattern) => {
  await expect(selected({ exclude: [pattern] })).rejects.toThrow(`malformed pattern: ${pattern}`);
});

test('a path that is copied brings what its links lead to', async () => {
  await files('real/file', 'real/other', 'top');
  await symlink('real', join(root, 'alias'));
  await symlink('/alias/file', join(root, 'again'));
  expect(await selected({ follow: ['again'] })).toEqual([
    'again -> /alias/file',
    'alias -> real',
    'real',
    'real/file',
  ]);
  expect(await selected({ follow: ['ali*/other'] })).toEqual(['alias -> real', 'real', 'real/other']);
});

test('two paths through one link bring what both lead to', async () => {
  await files('real/a', 'real/b', 'real/c', 'real/deep/d');
  await symlink('real', join(root, 'link'));
  await symlink('link/deep', join(root, 'far'));
  expect(await selected({ follow: ['link/a', 'link/b'] })).toEqual([
    'link -> real',
    'real',
    'real/a',
    'real/b',
  ]);
  expect(await selected({ follow: ['far/d', 'link/a', 'far'] })).toEqual([
    'far -> link/deep',
    'link -> real',
    'real',
    'real/a',
    'real/deep',
    'real/deep/d',
  ]);
});

test('a link to a folder that is also copied as a whole brings all of the folder', async () => {
  await files('real/a', 'real/b');
  await symlink('real', join(root, 'link'));
  expect(await selected({ follow: ['link/a', 'link'] })).toEqual(['link -> real', 'real', 'real/a', 'real/b']);
});

test('links that lead to themselves end', async () => {
  await files('other');
  await symlink('turn', join(root, 'round'));
  await symlink('round', join(root, 'turn'));
  await symlink('self/deeper', join(root, 'self'));
  expect(await selected({ follow: ['round/x', 'turn/y', 'self/x'] })).toEqual([
    'round -> turn',
    'self -> self/deeper',
    'turn -> round',
  ]);
});

test('a second name of a file is told as such, so that its content is sent once', async () => {
  await files('one');
  await link(join(root, 'one'), join(root, 'two'));
  expect(await selected({})).toEqual(['one', 'two -> one']);
  expect(await selected({ exclude: ['one'] })).toEqual(['two']);
});
