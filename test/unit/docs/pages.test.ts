import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { blocksOf } from '../../../script/page-blocks.ts';
import { readTaskDefinitionFile } from '../../../src/aws/task-definition/task-definition.ts';
import { headingsOf, pages, read, root } from './pages.ts';

describe.each(pages)('%s', (page) => {
  test('links only to files and headings that exist', () => {
    const links = read(page).matchAll(/(?:\]\(|src="|srcset=")([^)\s"]+)/g);
    const targets = [...links].map(([, target]) => target!);
    const broken = targets
      .filter((target) => !/^https?:/.test(target))
      .filter((target) => {
        const [path = '', anchor] = target.split('#');
        const file = path === '' ? join(root, page) : resolve(root, dirname(page), path);
        if (!existsSync(file)) return true;
        return anchor !== undefined && !headingsOf(relative(root, file)).map(anchorOf).includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  test('names only source files, scripts and pages that exist', () => {
    const named = [...read(page).matchAll(/`((?:src|script|sandbox|docs|examples)\/[\w./-]+)/g)].map(
      ([, path]) => path!,
    );
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('has valid JSON in blocks and in files that commands write', () => {
    for (const json of [...blocksOf(read(page), 'json'), ...writtenJson(page).values()]) {
      expect(() => JSON.parse(json) as unknown).not.toThrow();
    }
  });

  test('has commands that a shell can parse', () => {
    const commands = blocksOf(read(page), 'sh').join('');
    execFileSync('bash', ['-n'], { input: commands });
  });

  test('writes plain quotes', () => {
    expect(read(page)).not.toMatch(/[‘’“”]/);
  });
});

test('pictures are small and have no external resources', () => {
  const names = readdirSync(join(root, 'docs')).filter((name) => /\.(png|svg)$/.test(name));
  expect(names).toContain('terminal.svg');
  for (const name of names) {
    const picture = readFileSync(join(root, 'docs', name));
    expect([name, picture.length < 150_000]).toEqual([name, true]);
    if (name.endsWith('.svg')) expect(picture.toString()).not.toMatch(/<script|<image|href=|url\(|@import/);
  }
});

test.each(['docs/setup.md', 'docs/sandbox.md'])('the task definition of %s is valid', async (page) => {
  const written = [...writtenJson(page)].find(([file]) => file.endsWith('task-definition.json'))![1];
  const folder = mkdtempSync(join(tmpdir(), 'docs-'));
  try {
    const file = join(folder, 'task-definition.json');
    writeFileSync(file, written);
    await expect(readTaskDefinitionFile(file)).resolves.toMatchObject({ networkMode: 'awsvpc' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** The anchor that GitHub makes: lower case, no punctuation, dashes for spaces. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

/**
 * Contents by file name, for every `cat >FILE <<END` of a page that writes JSON. Variables are
 * replaced with a word.
 */
function writtenJson(page: string): ReadonlyMap<string, string> {
  const commands = blocksOf(read(page), 'sh').join('');
  const written = commands.matchAll(/^cat >(\S+\.json) <<'?END'?\n(.*?)^END$/gms);
  return new Map([...written].map(([, file, content]) => [file!, content!.replaceAll(/\$\w+/g, 'x')]));
}
