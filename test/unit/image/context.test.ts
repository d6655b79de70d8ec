import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
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
  expect(await selected({ follow: ['link/a', 'link'] })).toEqual([
    'link -> real',
    'real',
    'real/a',
    'real/b',
  ]);
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

/** The absolute path, each letter as one byte. */
function latin1(path: string): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);
}

describe('a name that is not UTF-8', () => {
  test('is refused with its path and the bytes, and all such names at once', async () => {
    await files('plain');
    await mkdir(latin1('d\xe9'));
    await writeFile(latin1('d\xe9/inside'), '');
    await writeFile(latin1('caf\xe9.txt'), '');
    await symlink(Buffer.from('caf\xe9.txt', 'latin1'), join(root, 'to-cafe'));
    await expect(selected({})).rejects.toThrow(
      /not valid UTF-8.*: caf\\xe9\.txt, d\\xe9, d\\xe9\/inside, to-cafe \(a link to caf\\xe9\.txt\).*exclude them in \.dockerignore/s,
    );
  });

  test.each(['caf?.txt', 'caf*', '**/caf?.txt'])('does not matter when %s excludes it', async (pattern) => {
    await files('plain');
    await writeFile(latin1('caf\xe9.txt'), '');
    expect(await selected({ exclude: [pattern] })).toEqual(['plain']);
  });

  test('does not matter when other files are copied', async () => {
    await files('src/a');
    await writeFile(latin1('caf\xe9.txt'), '');
    expect(await selected({ follow: ['src'] })).toEqual(['src', 'src/a']);
    expect(await selected({ exclude: ['*', '!src'] })).toEqual(['src', 'src/a']);
  });

  test('of an excluded folder does not hide what is included again in it', async () => {
    await mkdir(latin1('d\xe9'));
    await writeFile(latin1('d\xe9/other'), '');
    await files('plain');
    expect(await selected({ exclude: ['**', '!**/plain'] })).toEqual(['plain']);
    await writeFile(latin1('d\xe9/plain'), '');
    await expect(selected({ exclude: ['**', '!**/plain'] })).rejects.toThrow(/d\\xe9\/plain/);
  });
});

test('names that differ only in case or in the form of their letters are different', async () => {
  await files('e\u0301', '\u00e9', 'E\u0301', 'x');
  expect(await selected({})).toEqual(['E\u0301', 'e\u0301', 'x', '\u00e9']);
  expect(await selected({ exclude: ['\u00e9'] })).toEqual(['E\u0301', 'e\u0301', 'x']);
});

test('a folder that vanishes during the walk is empty', async () => {
  await files('a', 'gone/x', 'z');
  const seen: string[] = [];
  for await (const { path } of selectEntries({ root, exclude: [], include: [], follow: [] })) {
    seen.push(path);
    if (path === 'gone') await rm(join(root, 'gone'), { recursive: true });
  }
  expect(seen).toEqual(['a', 'gone', 'z']);
});

test('a second name of a file is told as such, so that its content is sent once', async () => {
  await files('one');
  await link(join(root, 'one'), join(root, 'two'));
  expect(await selected({})).toEqual(['one', 'two -> one']);
  expect(await selected({ exclude: ['one'] })).toEqual(['two']);
});
