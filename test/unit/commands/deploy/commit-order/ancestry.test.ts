import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createAncestry } from '../../../../../src/commands/deploy/commit-order/ancestry.ts';
import { NOT_ACCESSIBLE, startGitHubApi, type GitHubApi } from '../../../../support/github-api.ts';
import { asSecret } from '../../../../../src/core/secrecy/secret.ts';

let temp: string;
let full: string;
const commits: Record<'first' | 'second' | 'third' | 'branch', string> = {
  first: '',
  second: '',
  third: '',
  branch: '',
};

const git = (folder: string, ...args: readonly string[]): string =>
  execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();

/** A clone as actions/checkout makes it with this fetch-depth. */
function clone(depth: number): string {
  const folder = mkdtempSync(join(temp, 'clone-'));
  git(temp, 'clone', '-q', `--depth=${depth}`, '--branch=main', `file://${full}`, folder);
  return folder;
}

beforeAll(() => {
  temp = mkdtempSync(join(tmpdir(), 'ancestry-'));
  full = mkdtempSync(join(temp, 'full-'));
  git(full, 'init', '-q', '--initial-branch=main');
  const commit = (name: keyof typeof commits) => {
    git(full, '-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '-q', '--allow-empty', '-m', name);
    commits[name] = git(full, 'rev-parse', 'HEAD');
  };
  commit('first');
  git(full, 'checkout', '-q', '-b', 'hotfix');
  commit('branch');
  git(full, 'checkout', '-q', 'main');
  commit('second');
  commit('third');
});
afterAll(() => rmSync(temp, { recursive: true }));

let github: GitHubApi;
beforeEach(async () => {
  github = await startGitHubApi();
});
afterEach(() => github.close());

/** Without GitHub, unless given. */
function ask(folder: string, token: string | null = null, stop = new AbortController().signal) {
  return createAncestry({
    folder,
    env: token === null ? {} : github.environment,
    token: asSecret(token),
    stop,
  });
}

const compared = () => github.requests.map(({ path }) => path.replace(/^.*\/compare\//, ''));

test('a clone with its history is sufficient, without calls to GitHub', async () => {
  const ancestry = ask(full, 'ghs_job');
  const { first, third, branch } = commits;
  expect(await ancestry(third, first)).toEqual({ relation: 'newer', says: 'git' });
  expect(await ancestry(first, third)).toEqual({ relation: 'older', says: 'git' });
  expect(await ancestry(first, first)).toEqual({ relation: 'same', says: 'git' });
  expect(await ancestry(branch, third)).toEqual({ relation: 'diverged', says: 'git' });
  expect(compared()).toEqual([]);
});

test('a shallow clone can show an ancestor, but not that two commits diverged', async () => {
  const { first, second, third, branch } = commits;
  const shallow = clone(2);
  expect(await ask(shallow)(second, third)).toEqual({ relation: 'older', says: 'git' });
  git(shallow, 'fetch', '-q', '--depth=1', 'origin', branch);
  github.history.push(branch, third);
  expect(await ask(shallow, 'ghs_job')(third, branch)).toEqual({ relation: 'newer', says: 'GitHub' });
  expect(await ask(shallow)(first, third)).toMatchObject({ relation: null });
});

test('if the clone lacks a commit, GitHub is asked once', async () => {
  const { first, second, third } = commits;
  github.history.push(first, second, third);
  const ancestry = ask(clone(1), 'ghs_job');
  expect(await ancestry(third, first)).toEqual({ relation: 'newer', says: 'GitHub' });
  expect(await ancestry(third, first)).toEqual({ relation: 'newer', says: 'GitHub' });
  expect(await ancestry(first, third)).toEqual({ relation: 'older', says: 'GitHub' });
  // In this direction, GitHub lists no commits and files for a newer release.
  expect(compared()).toEqual([`${third}...${first}`, `${first}...${third}`]);
});

test('diverged branches on GitHub', async () => {
  github.refuse = () => ({ status: 200, body: { status: 'diverged', ahead_by: 1, behind_by: 1 } });
  const { third, branch } = commits;
  expect(await ask(clone(1), 'ghs_job')(third, branch)).toEqual({ relation: 'diverged', says: 'GitHub' });
});

test.each([
  ['a missing permission', NOT_ACCESSIBLE, /403: .*; this requires permissions: contents: read/],
  ['a commit that it does not know', { status: 404, body: { message: 'Not Found' } }, /404: Not Found/],
  ['a fault', { status: 502, body: { message: 'Bad Gateway' } }, /502/],
  ['an answer of something else', { status: 200, body: { status: 'sideways' } }, /an unknown answer/],
  ['an empty answer', { status: 200, body: null }, /says nothing|did not compare/],
])('GitHub answers with %s: the order is not known, with the reason', async (_, answer, says) => {
  github.refuse = () => answer;
  const { first, third } = commits;
  const ancestry = await ask(clone(1), 'ghs_job')(third, first);
  expect(ancestry).toEqual({ relation: null, says: expect.stringMatching(says) });
});

test.each([
  ['no clone', () => temp, null, 'this does not run in a GitHub workflow'],
  ['no such folder', () => join(temp, 'nowhere'), null, 'this does not run in a GitHub workflow'],
])('with %s and without GitHub the order is not known', async (_, folder, token, says) => {
  const { first, third } = commits;
  const ancestry = await ask(folder(), token)(third, first);
  expect(ancestry).toEqual({ relation: null, says: expect.stringContaining(says) });
});

test('without a token GitHub is not asked', async () => {
  const { env, stop } = { env: github.environment, stop: new AbortController().signal };
  const ancestry = createAncestry({ folder: temp, env, token: null, stop });
  expect(await ancestry(commits.first, commits.third)).toMatchObject({ relation: null });
  expect(compared()).toEqual([]);
});

test('an invalid commit from a tag is not passed to git or GitHub', async () => {
  const ancestry = await ask(full, 'ghs_job')(commits.third, '--output=/tmp/oops');
  expect(ancestry).toEqual({ relation: null, says: '"--output=/tmp/oops" is not a commit' });
  expect(compared()).toEqual([]);
});
