import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sourceTag } from '../../../src/image/source-tag.ts';
import { Secret } from '../../../src/core/secrecy/secret.ts';
import { buildRequest } from '../../support/image-ports.ts';

let context: string;
let before: string;

const tagOf = (given: Partial<Parameters<typeof buildRequest>[0]> = {}): Promise<string> =>
  sourceTag(buildRequest({ context, ...given }));

const write = (name: string, content: string): Promise<void> => writeFile(join(context, name), content);

beforeEach(async () => {
  context = await mkdtemp(join(tmpdir(), 'ecs-ramp-sources-'));
  await mkdir(join(context, 'src'));
  await write('Dockerfile', 'FROM scratch\nCOPY . /');
  await write('src/app', 'hello');
  await write('.dockerignore', '# from the editor\n*.log\n');
  await symlink('app', join(context, 'src/link'));
  before = await tagOf();
});
afterEach(() => rm(context, { recursive: true }));

test('a tag is one that every registry accepts', () => {
  expect(before).toMatch(/^src-[0-9a-f]{64}$/);
});

describe('the tag is the same', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['in another checkout', () => utimes(join(context, 'src/app'), 1, 1)],
    ['with another file that is ignored', () => write('debug.log', 'x')],
  ])('%s', async (_, change) => {
    await change();
    expect(await tagOf()).toBe(before);
  });

  test('for other tags, another registry and other secrets of the same names', async () => {
    const given = { buildSecrets: { token: new Secret('one') } };
    const one = await tagOf(given);
    const push = { repository: 'other', registry: 'example.com', username: null, password: null };
    expect(await tagOf({ buildSecrets: { token: new Secret('two') }, tags: ['v2'], push })).toBe(one);
    expect(await tagOf({ buildArgs: { A: '1', B: '2' } })).toBe(
      await tagOf({ buildArgs: { B: '2', A: '1' } }),
    );
  });
});

describe('the tag is another one', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['with another content', () => write('src/app', 'hullo')],
    ['with a new file', () => write('src/more', '')],
    ['without a file', () => rm(join(context, 'src/app'))],
    ['with a file that became executable', () => chmod(join(context, 'src/app'), 0o755)],
    ['with an empty directory', () => mkdir(join(context, 'empty'))],
    ['with another Dockerfile', () => write('Dockerfile', 'FROM scratch\nCOPY src /')],
    ['if more is ignored', () => write('.dockerignore', 'src/link')],
    ['if the Dockerfile has its own .dockerignore', () => write('Dockerfile.dockerignore', '*.log')],
    [
      'with a link to another file',
      async () => {
        await rm(join(context, 'src/link'));
        await symlink('other', join(context, 'src/link'));
      },
    ],
    [
      'with contents that were exchanged',
      async () => {
        await write('src/app', '');
        await write('src/more', 'hello');
      },
    ],
  ])('%s', async (_, change) => {
    await change();
    expect(await tagOf()).not.toBe(before);
  });

  test.each<[string, Partial<Parameters<typeof buildRequest>[0]>]>([
    ['target', { target: 'test' }],
    ['build argument', { buildArgs: { A: '1' } }],
    ['label', { labels: { a: '1' } }],
    ['platform', { platforms: ['linux/riscv64'] }],
    ['secret', { buildSecrets: { token: new Secret('one') } }],
  ])('with another %s', async (_, given) => {
    expect(await tagOf(given)).not.toBe(before);
  });
});

test('a file that .dockerignore includes again counts', async () => {
  await write('.dockerignore', '*.log\n!kept.log\n');
  const without = await tagOf();
  await write('kept.log', 'x');
  expect(await tagOf()).not.toBe(without);
});
