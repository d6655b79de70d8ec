import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withClone } from '../../../src/cli/local-clone.ts';
import { call } from './calls.ts';

const clone = mkdtempSync(join(tmpdir(), 'ecs-ramp-clone-'));
const git = (...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
    cwd: clone,
    encoding: 'utf8',
  }).trim();
let head: string;
beforeAll(() => {
  git('init', '-q', '-b', 'main');
  git('remote', 'add', 'origin', 'git@github.com:octo/shop.git');
  writeFileSync(join(clone, 'Dockerfile'), 'FROM scratch\n');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  head = git('rev-parse', 'HEAD');
});
afterAll(() => rmSync(clone, { recursive: true }));

test('commit, branch and repository come from the clone', async () => {
  expect(await withClone({ HOME: '/root' }, clone)).toEqual({
    HOME: '/root',
    GITHUB_SHA: head,
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REF_NAME: 'main',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'octo/shop',
  });
});

test('a CI that names the commit is left as it is, and so is a folder without a clone', async () => {
  const jenkins = { GIT_COMMIT: 'c0ffee1' };
  expect(await withClone(jenkins, clone)).toBe(jenkins);
  expect(await withClone({ HOME: '/root' }, tmpdir())).toEqual({ HOME: '/root' });
});

test('a clone with uncommitted changes has no commit, and the message says what to do on a laptop', async () => {
  writeFileSync(join(clone, 'new'), '');
  try {
    expect(await withClone({}, clone)).not.toHaveProperty('GITHUB_SHA');
    const args = ['plan', '--service', 'web', '--repository', 'shop/web', '--aws-region', 'eu-west-1'];
    const { code, stderr } = await call(args, { cwd: clone });
    expect([code, stderr]).toEqual([
      2,
      '--tags: it is missing, and there is no commit to name the image after. Commit all changes, so that the image is named after HEAD; or give a tag, or --commit.',
    ]);
  } finally {
    rmSync(join(clone, 'new'));
  }
});
