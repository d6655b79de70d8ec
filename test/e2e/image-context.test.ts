import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  array,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  oneof,
  record,
  tuple,
  type Arbitrary,
} from 'fast-check';
import { randomUUID } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { chmod, link as hardLink, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { prepareImage } from '../../src/image/image.ts';
import { docker, filesIn, imageId, removeImages } from '../support/docker.ts';
import { buildRequest, imagePorts } from '../support/image-ports.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';

/** Compares ecs-ramp's build contexts with those of the real docker client. */

const THEIRS = `img-context-${randomUUID()}`;

let registry: TestRegistry;
let folder: string;

beforeAll(async () => {
  registry = await startRegistry();
  folder = await mkdtemp(join(tmpdir(), 'ecs-ramp-context-'));
});

afterAll(async () => {
  await registry.stop();
  await rm(folder, { recursive: true, force: true });
  removeImages(THEIRS);
  removeImages(`${registry.host}/img-context`);
});

type Tree = readonly {
  readonly path: string;
  readonly kind: 'file' | 'program' | 'folder' | 'link';
  readonly to: string;
}[];

async function writeTree(root: string, tree: Tree): Promise<void> {
  for (const { path, kind, to } of tree) {
    const absolute = join(root, path);
    try {
      await mkdir(kind === 'folder' ? absolute : dirname(absolute), { recursive: true });
      if (kind === 'link') await symlink(to, absolute);
      else if (kind !== 'folder') await writeFile(absolute, path);
      if (kind === 'program') await chmod(absolute, 0o755);
    } catch (error) {
      // Two generated paths may conflict. The first one wins.
      if (!/EEXIST|ENOTDIR|EISDIR|ELOOP|ENOENT/.test(String(error))) throw error;
    }
  }
}

async function builtByBoth(given: {
  readonly tree: Tree;
  readonly ignore: string;
  readonly ignoreName: string;
  readonly sources: string;
  /** Adds what a tree cannot describe. */
  readonly more?: (context: string) => Promise<void>;
}): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  // Before the next image takes its name. Otherwise it would remain as an untagged image.
  docker('image', 'rm', THEIRS);
  const context = join(folder, 'context');
  const file = join(folder, 'outside', 'Dockerfile');
  await mkdir(context, { recursive: true });
  await mkdir(dirname(file));
  await writeTree(context, given.tree);
  await given.more?.(context);
  const inContext = given.ignoreName === '.dockerignore';
  await writeFile(join(inContext ? context : dirname(file), given.ignoreName), given.ignore);
  await writeFile(file, `FROM scratch\nCOPY ${given.sources} /out/\n`);
  const theirs = docker('build', '--quiet', '--tag', THEIRS, '--file', file, context);
  // The docker client of 2023 fails on a link through a file. BuildKit does not need such a link.
  if (theirs.output.includes('not a directory')) return;
  const { ports } = await imagePorts(registry, { repository: 'img-context' });
  const ours = prepareImage(buildRequest({ context, file }), ports);
  if (theirs.status !== 0) return expect(ours).rejects.toThrow();
  await ours;
  const name = `${registry.host}/img-context:v1`;
  // BuildKit mostly gives equal files the same image id. If the ids differ, compare the files.
  if (imageId(name) === imageId(THEIRS)) return;
  const lists = { ours: filesIn(name), theirs: filesIn(THEIRS) };
  // The installed client sends empty parent folders of re-included paths. Current docker does not.
  const strict = !given.ignore.includes('!');
  const compared = (files: readonly string[]) => (strict ? files : withoutEmptyFolders(files));
  expect({ files: compared(lists.ours), ...given }).toEqual({ files: compared(lists.theirs), ...given });
}

function pathIn(line: string): string {
  return line.slice(line.indexOf('out/'));
}

function withoutEmptyFolders(files: readonly string[]): string[] {
  const paths = files.map(pathIn);
  return files.filter((line) => {
    const isFolder = line.startsWith('d');
    return !isFolder || paths.some((path) => path.startsWith(pathIn(line)) && !path.endsWith('/'));
  });
}

const name = constantFrom('a', 'b', 'ab', 'a.txt', 'b.md', '.env', 'node_modules', 'x y', 'é,ö', 'a, b');
const path = array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const anyTree: Arbitrary<Tree> = array(
  record({
    path,
    kind: constantFrom('file', 'file', 'file', 'program', 'folder', 'link'),
    to: oneof(
      path,
      path.map((target) => `../${target}`),
      path.map((target) => `/${target}`),
    ),
  }),
  { minLength: 3, maxLength: 20 },
);

const wildcard = constantFrom('*', '?', '*.txt', 'a*', '[ab]', '[^a]*', '?.md', '.');
const joined = (...parts: readonly Arbitrary<string>[]): Arbitrary<string> =>
  tuple(...parts).map((texts) => texts.join(''));
const pathOf = (segment: Arbitrary<string>): Arbitrary<string> =>
  array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'));
const before = constantFrom('', '', '', '/', ' ', './');
const after = constantFrom('', '', '', '/', ' ', '/..', '/**');
const anything = joined(before, pathOf(oneof(name, wildcard, constantFrom('**'))), after);
// The installed client (2023) finds re-included files only in paths without wildcards, and with **
// it
// does not apply a directory's pattern to its files. Current docker does (see the unit tests).
const simple = joined(before, pathOf(oneof(name, wildcard)), after);
const reincluding = joined(
  constantFrom('!', '!/', ' !'),
  path,
  constantFrom('', '', '/', '/**', '/*', '/a*', '*'),
);
const noise = constantFrom('', '# a comment', '#a.txt', '*', '!');
const fileOf = (line: Arbitrary<string>): Arbitrary<string> =>
  joined(
    constantFrom('', '\uFEFF'),
    array(line, { maxLength: 5 }).map((lines) => lines.join('\n')),
  );
const rules = oneof(
  record({
    ignore: fileOf(oneof(anything, noise)),
    sources: constantFrom('.', '.', 'a', 'a*', 'a/b b', '*/*'),
  }),
  // The client of 2023 can copy a parent of a missing re-included path. Current docker cannot.
  record({ ignore: fileOf(oneof(simple, reincluding, noise)), sources: constant('.') }),
);

test('random contexts and .dockerignore files give the same image as docker builds', async () => {
  const given = record({
    tree: anyTree,
    rules,
    ignoreName: constantFrom('.dockerignore', '.dockerignore', 'Dockerfile.dockerignore'),
  }).map(({ rules, ...others }) => ({ ...rules, ...others }));
  const { CONTEXT_SEED, CONTEXT_RUNS } = process.env;
  await assert(asyncProperty(given, builtByBoth), {
    seed: Number(CONTEXT_SEED ?? 20261121),
    numRuns: Number(CONTEXT_RUNS ?? 24),
  });
}, 240_000);

/** One image per case: what docker builds of the same context has the same files. */
const PLAIN = { ignore: '', ignoreName: '.dockerignore', sources: '.' } as const;
const file = (path: string) => ({ path, kind: 'file', to: '' }) as const;
const link = (path: string, to: string) => ({ path, kind: 'link', to }) as const;

describe('like docker builds', () => {
  test('links: broken ones, ones out of the context, ones to folders and hard ones', async () => {
    await builtByBoth({
      ...PLAIN,
      tree: [
        file('real/a'),
        link('to-folder', 'real'),
        link('broken', 'missing'),
        link('out', '../../outside'),
        link('absolute', '/etc/passwd'),
        link('round', 'round'),
      ],
      more: async (context) => {
        await hardLink(join(context, 'real/a'), join(context, 'same'));
        await hardLink(join(context, 'real/a'), join(context, 'zz'));
      },
    });
  });

  test('special files: a socket, a named pipe, a sparse file and a long name', async () => {
    const server = createServer();
    await builtByBoth({
      ...PLAIN,
      tree: [file(`${'n'.repeat(200)}/${'m'.repeat(250)}`), file('\u0065\u0301'), file('\u00e9'), file('E')],
      async more(context) {
        await new Promise<void>((resolve) => void server.listen(join(context, 'socket'), resolve));
        const { status } = spawnSync('mkfifo', [join(context, 'pipe')]);
        expect(status).toBe(0);
        await truncate(join(context, 'E'), 50_000_000);
      },
    });
    server.close();
  });
});

async function built(more: (context: string) => Promise<void>, dockerfile: string) {
  await rm(folder, { recursive: true, force: true });
  const context = join(folder, 'context');
  await mkdir(context, { recursive: true });
  await writeFile(join(context, 'Dockerfile'), dockerfile);
  await more(context);
  const { ports } = await imagePorts(registry, { repository: 'img-context' });
  await prepareImage(buildRequest({ context }), ports);
  return filesIn(`${registry.host}/img-context:v1`).map(pathIn);
}

test('two copies through one link to a folder have both files', async () => {
  const files = await built(
    (context) => writeTree(context, [file('real/a'), file('real/b'), link('link', 'real')]),
    'FROM scratch\nCOPY link/a /out/\nCOPY link/b /out/\n',
  );
  expect(files).toEqual(expect.arrayContaining(['out/a', 'out/b']));
});

async function withLatin1Name(context: string): Promise<void> {
  await writeFile(Buffer.concat([Buffer.from(`${context}/`), Buffer.from('caf\xe9.txt', 'latin1')]), 'x');
  await writeTree(context, [file('src/a')]);
}

test('a name that is not UTF-8 fails the build and is shown, unless it is not copied', async () => {
  await expect(built(withLatin1Name, 'FROM scratch\nCOPY . /out/\n')).rejects.toThrow(/caf\\xe9\.txt/);
  expect(await built(withLatin1Name, 'FROM scratch\nCOPY src /out/\n')).toContain('out/a');
  const ignored = async (context: string) => {
    await withLatin1Name(context);
    await writeFile(join(context, '.dockerignore'), Buffer.from('caf\xe9.txt\n.dockerignore\n', 'latin1'));
  };
  expect(await built(ignored, 'FROM scratch\nCOPY . /out/\n')).toContain('out/src/a');
});
