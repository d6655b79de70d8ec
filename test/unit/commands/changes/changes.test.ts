import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findChanges, type ChangesRequest } from '../../../../src/commands/changes/changes.ts';

/** A repository on a server, and clones of it as actions/checkout creates them. */
let temp: string;
let server: string;
let work: string;
const commits: Record<string, string> = {};

const CONFIG = `
defaults: { context: '{service}' }
environments: { production: { branches: main } }
services: { api: , web: { needs: api }, worker: }
`;

function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

function commit(name: string, files: Readonly<Record<string, string | null>>): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(work, path);
    mkdirSync(dirname(file), { recursive: true });
    if (text === null) rmSync(file);
    else writeFileSync(file, text);
  }
  git(work, 'add', '--all');
  git(work, '-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '-q', '-m', name);
  commits[name] = git(work, 'rev-parse', 'HEAD');
}

/** As actions/checkout does by default: one commit, no history. */
function checkout(name: string, depth = 1): string {
  const folder = mkdtempSync(join(temp, 'clone-'));
  git(folder, 'init', '-q');
  git(folder, 'remote', 'add', 'origin', `file://${server}`);
  git(folder, 'fetch', '-q', `--depth=${depth}`, 'origin', commits[name]!);
  git(folder, 'checkout', '-q', '--detach', commits[name]!);
  return folder;
}

const push = (before: string, after: string) => ({
  event: 'push',
  commit: commits[after] ?? null,
  payload: {
    ref: 'refs/heads/main',
    before: commits[before] ?? before,
    after: commits[after],
    repository: { default_branch: 'main' },
  },
});

async function changes(
  workspace: string,
  occasion: ChangesRequest['occasion'],
  more: Partial<ChangesRequest> = {},
) {
  const { touched, ...found } = await findChanges({
    config: 'ecs-ramp.yml',
    workspace,
    occasion,
    base: null,
    head: null,
    environment: null,
    branch: 'main',
    access: null,
    ...more,
  });
  return { ...found, services: touched.map(({ service }) => service) };
}

beforeAll(() => {
  temp = mkdtempSync(join(tmpdir(), 'ecs-ramp-changes-'));
  server = join(temp, 'server.git');
  work = join(temp, 'work');
  mkdirSync(work);
  git(temp, 'init', '-q', '--bare', server);
  git(server, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  git(work, 'init', '-q', '-b', 'main');
  git(work, 'remote', 'add', 'origin', server);
  commit('first', { 'ecs-ramp.yml': CONFIG, 'api/a': '1', 'web/a': '1', 'worker/a': '1', 'api/b': 'moved' });
  commit('web', { 'web/a': '2' });
  commit('worker', { 'worker/a': '2', 'docs/ä ö"\n.md': 'x' });
  git(work, 'checkout', '-q', '-b', 'feature', commits['web']!);
  commit('feature', { 'api/a': '2' });
  git(work, 'checkout', '-q', 'main');
  commit('moved', { 'api/b': null, 'web/b': 'moved' });
  commit('without worker', { 'ecs-ramp.yml': CONFIG.replace(', worker:', '') });
  git(work, 'push', '-q', 'origin', 'main', 'feature');
});
afterAll(() => rmSync(temp, { recursive: true }));

describe('in a clone of one commit', () => {
  test('a push touches the difference between its two commits', async () => {
    expect(await changes(checkout('worker'), push('first', 'worker'))).toEqual({
      services: ['web', 'worker'],
      gone: [],
      environment: 'production',
      compared: `${commits['first']!.slice(0, 7)}..${commits['worker']!.slice(0, 7)}`,
      files: 3,
      idle: null,
      warning: null,
    });
  });

  test('a pull request touches its own changes, not those of its base', async () => {
    const payload = { pull_request: { base: { sha: commits['worker'] }, head: { sha: commits['feature'] } } };
    const occasion = { event: 'pull_request', payload, commit: null };
    expect(await changes(checkout('feature'), occasion, { branch: 'feature' })).toMatchObject({
      services: ['api'],
      environment: null,
    });
  });

  test('a new branch touches its changes since the merge base with the default branch', async () => {
    const payload = {
      ...push('0'.repeat(40), 'feature').payload,
      ref: 'refs/heads/feature',
    };
    const found = await changes(checkout('feature'), { event: 'push', payload, commit: null });
    expect(found.services).toEqual(['api']);
  });

  test('a moved file touches its old and its new place', async () => {
    expect((await changes(checkout('moved'), push('worker', 'moved'))).services).toEqual(['api', 'web']);
  });

  test('a service that was removed from the configuration is reported', async () => {
    const found = await changes(checkout('without worker'), push('moved', 'without worker'));
    expect(found).toMatchObject({ services: [], gone: ['worker'] });
  });

  test('given commits replace those of the event', async () => {
    const folder = checkout('worker');
    const found = await changes(folder, push('first', 'worker'), { base: commits['web']!, head: null });
    expect(found.services).toEqual(['worker']);
  });
});

test('a commit that is lost after a forced push touches everything, with the reason', async () => {
  const found = await changes(checkout('worker'), push('d'.repeat(40), 'worker'));
  expect(found).toMatchObject({ services: ['api', 'worker', 'web'], files: null });
  expect(found.compared).toBe('ddddddd could not be fetched, so the changes are not known');
  expect(found.warning).toMatch(
    /^Every service counts as touched: ddddddd could not be fetched, .*\(git: .*d{40}\)\. To compare commits, set github-token, or check out with fetch-depth: 0; if a forced push removed the commit, give/,
  );
});

test('a base that looks like an option is not interpreted as one', async () => {
  const asked = changes(checkout('worker'), push('first', 'worker'), { base: '--output=/tmp/x' });
  await expect(asked).rejects.toThrow('git knows no commit "--output=/tmp/x"');
});

test('a folder without a clone or configuration is reported with the fix', async () => {
  const folder = mkdtempSync(join(temp, 'none-'));
  await expect(changes(folder, push('first', 'web'))).rejects.toThrow('there is no file');
  writeFileSync(join(folder, 'ecs-ramp.yml'), CONFIG);
  await expect(changes(folder, push('first', 'web'))).rejects.toThrow(
    'is not a git repository: run this in a clone',
  );
});

test('a project in a subfolder of the clone sees its own files', async () => {
  git(work, 'checkout', '-q', '-b', 'subfolder', commits['web']!);
  commit('backend', { 'backend/ecs-ramp.yml': CONFIG, 'backend/web/a': '1', 'backend/api/a': '1' });
  commit('backend web', { 'backend/web/a': '2', 'api/a': 'not of the project' });
  commit('backend worker gone', { 'backend/ecs-ramp.yml': CONFIG.replace(', worker:', '') });
  git(work, 'push', '-q', 'origin', 'subfolder');
  git(work, 'checkout', '-q', 'main');
  const clone = checkout('backend worker gone', 10);
  const backend = join(clone, 'backend');
  const between = async (base: string, head: string, config = 'ecs-ramp.yml') =>
    changes(backend, push(base, head), { config, base: commits[base]!, head: commits[head]! });
  expect(await between('backend', 'backend web')).toMatchObject({ services: ['web'] });
  for (const config of ['ecs-ramp.yml', './ecs-ramp.yml', 'web/../ecs-ramp.yml']) {
    expect(await between('backend web', 'backend worker gone', config)).toMatchObject({
      services: [],
      gone: ['worker'],
    });
  }
});

test('a new commit of a submodule touches what has files in it', async () => {
  const library = join(temp, 'auth');
  mkdirSync(library);
  git(library, 'init', '-q');
  const bump = (message: string) => {
    git(
      library,
      '-c',
      'user.name=a',
      '-c',
      'user.email=a@b.c',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      message,
    );
    return git(library, 'rev-parse', 'HEAD');
  };
  const pin = (name: string, revision: string) => {
    git(work, 'update-index', '--add', '--cacheinfo', `160000,${revision},libs/auth`);
    git(work, '-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '-q', '-m', name);
    commits[name] = git(work, 'rev-parse', 'HEAD');
  };
  const config = `libraries: { auth: { paths: 'libs/auth/**' } }\nservices: { api: { context: api, uses: auth }, web: { context: web } }\n`;
  git(work, 'checkout', '-q', '-b', 'submodule', commits['web']!);
  commit('uses auth', { 'ecs-ramp.yml': config });
  pin('auth 1', bump('1'));
  pin('auth 2', bump('2'));
  git(work, 'push', '-q', 'origin', 'submodule');
  git(work, 'checkout', '-q', '-f', 'main');
  expect(await changes(checkout('auth 2', 5), push('auth 1', 'auth 2'))).toMatchObject({ services: ['api'] });
});
