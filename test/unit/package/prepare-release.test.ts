import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import manifest from '../../../package.json' with { type: 'json' };

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../../..');
const KIM = { NAME: 'Kim', EMAIL: 'kim@example.com' };
const env = {
  ...process.env,
  ...Object.fromEntries(
    Object.entries(KIM).flatMap(([name, value]) =>
      ['AUTHOR', 'COMMITTER'].map((who) => [`GIT_${who}_${name}`, value]),
    ),
  ),
};

let clone: string;
beforeAll(async () => {
  clone = join(mkdtempSync(join(tmpdir(), 'ecs-ramp-prepare-')), 'clone');
  await run('git', ['clone', '--quiet', '--shared', ROOT, clone]);
});
afterAll(() => rmSync(join(clone, '..'), { recursive: true }));

const git = async (...args: readonly string[]) => (await run('git', args, { cwd: clone })).stdout.trim();
const prepare = (...args: readonly string[]) => run('script/prepare-release', args, { cwd: clone, env });

test('a release names the commit before it wherever an action of ecs-ramp is used', async () => {
  await expect(prepare('--check')).rejects.toThrow('do not name the commit before the release');
  const before = await git('rev-parse', 'HEAD');
  await prepare(manifest.version);
  expect(await git('rev-parse', `v${manifest.version}^`)).toBe(before);
  await prepare('--check');
  const used = await git('grep', '-ohE', 'uses: ecs-ramp/ecs-ramp.*', '--', '*.md', '*.yml');
  const references = used.split('\n').map((line) => line.replace(/^uses: ecs-ramp\/ecs-ramp[^@]*@/, ''));
  expect(references.length).toBeGreaterThan(10);
  expect(new Set(references)).toEqual(new Set([`${before} # v${manifest.version}`]));
  expect(await git('diff', '--name-only', before, 'HEAD', '--', 'dist', 'src')).toBe('');
});

test.each([
  ['v1', /'v1' is not a version/],
  [manifest.version, /The tag v\S+ exists/],
])('it refuses the version %s', async (version, refusal) => {
  await expect(prepare(version)).rejects.toThrow(refusal);
});

test('every action of others is named by a commit', async () => {
  const { stdout } = await run(
    'git',
    ['grep', '-hE', 'uses: +[a-z-]+/[a-z-]+', '--', '*.md', '*.yml', 'src'],
    {
      cwd: ROOT,
    },
  );
  const others = stdout.split('\n').filter((line) => line !== '' && !line.includes('ecs-ramp/ecs-ramp'));
  expect(others.length).toBeGreaterThan(10);
  for (const line of others) expect(line).toMatch(/uses: +[\w/.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});
