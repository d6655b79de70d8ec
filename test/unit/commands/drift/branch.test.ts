import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { NOT_KNOWN } from '../../../../src/aws/ecs/provenance.ts';
import { createAskBranch } from '../../../../src/commands/drift/branch.ts';

jest.setTimeout(60_000);

let folder: string;
let origin: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'branch-'));
  origin = join(folder, 'origin');
  git(folder, 'init', '--quiet', '--initial-branch=main', origin);
});
afterEach(() => rmSync(folder, { recursive: true }));

function git(cwd: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=anna', '-c', 'user.email=anna@example.com'];
  return execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8' }).trim();
}

function commit(name: string): string {
  writeFileSync(join(origin, name), name);
  git(origin, 'add', '.');
  git(origin, 'commit', '--quiet', '--message', name);
  return git(origin, 'rev-parse', 'HEAD');
}

function clone(...options: string[]): string {
  const place = join(folder, 'clone');
  git(folder, 'clone', '--quiet', ...options, `file://${origin}`, place);
  return place;
}

const repository = 'https://github.com/shop/web';
const inActions = {
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'shop/web',
  GITHUB_REF: 'refs/heads/main',
};

const ask = (place: string, sha: string, env: Readonly<Record<string, string>> = inActions) =>
  createAskBranch({ folder: place, env })({ ...NOT_KNOWN, commit: sha, repository });

test('a commit of the branch: how far behind it is', async () => {
  const first = commit('one');
  commit('two');
  const head = commit('three');
  const place = clone();
  expect(await ask(place, first)).toEqual({ branch: 'main', head, is: 'older', behind: 2 });
  expect(await ask(place, head)).toMatchObject({ is: 'head' });
});

test('a commit that a forced push removed is on no branch', async () => {
  commit('one');
  const lost = commit('two');
  git(origin, 'reset', '--quiet', '--hard', 'HEAD~1');
  commit('three');
  expect(await ask(clone(), lost)).toMatchObject({ is: 'gone' });
});

test('a commit of another branch or tag is elsewhere', async () => {
  commit('one');
  git(origin, 'checkout', '--quiet', '-b', 'hotfix');
  const fix = commit('fix');
  git(origin, 'checkout', '--quiet', 'main');
  commit('two');
  expect(await ask(clone(), fix)).toMatchObject({ is: 'elsewhere' });
});

test.each<[string, string[], Readonly<Record<string, string>>]>([
  ['a shallow clone', ['--depth=1'], inActions],
  ['a clone of one branch', ['--single-branch'], inActions],
  ['a clone on a laptop, which may be days old', [], {}],
  ['the test merge of a pull request', [], { ...inActions, GITHUB_REF: 'refs/pull/1/merge' }],
  ['another repository', [], { ...inActions, GITHUB_REPOSITORY: 'shop/api' }],
])('%s does not show that a commit is gone', async (_, options, env) => {
  commit('one');
  const lost = commit('two');
  git(origin, 'reset', '--quiet', '--hard', 'HEAD~1');
  commit('three');
  expect(await ask(clone(...options), lost, env)).toBeNull();
});

test.each([
  'git@github.com:shop/web.git',
  'https://github.com/shop/web',
  'ssh://git@github.com:22/shop/web.git',
])('on a laptop, the remote %s is the repository of the release', async (remote) => {
  const first = commit('one');
  const head = commit('two');
  const place = clone();
  git(place, 'remote', 'set-url', 'origin', remote);
  git(place, 'checkout', '--quiet', '-b', 'feature', first);
  expect(await ask(place, first, {})).toEqual({ branch: 'origin/main', head, is: 'older', behind: 1 });
});

test('outside of a clone, nothing is known', async () => {
  expect(await ask(folder, 'b'.repeat(40))).toBeNull();
});
