import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { call } from './calls.ts';

const cwd = mkdtempSync(join(tmpdir(), 'ecs-ramp-cli-changes-'));
const git = (...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd, stdio: 'ignore' });
beforeAll(() => {
  git('init', '-q');
  writeFileSync(
    join(cwd, 'ecs-ramp.yml'),
    "defaults: { context: '{service}' }\nservices: { web: { needs: api }, api: }\n",
  );
  for (const name of ['web', 'api']) {
    mkdirSync(join(cwd, name));
    writeFileSync(join(cwd, name, 'a'), '1');
    git('add', '.');
    git('commit', '-q', '-m', name);
  }
});
afterAll(() => rmSync(cwd, { recursive: true }));

test('changes are printed as text', async () => {
  const { code, stdout } = await call(['changes', '--base', 'HEAD~1', '--head', 'HEAD'], { cwd });
  expect([code, ...stdout.split('\n')]).toEqual([
    0,
    '1 service touched (1 file in HEAD~1..HEAD)',
    '  api: api/a',
  ]);
});

test('changes are printed as JSON for a matrix', async () => {
  const { stdout } = await call(['changes', '--json'], { cwd });
  expect(JSON.parse(stdout)).toMatchObject({
    services: [
      { service: 'api', wave: 1 },
      { service: 'web', wave: 2 },
    ],
    matrix: { include: [{ service: 'api' }, { service: 'web' }] },
    waves: [{ include: [{ service: 'api' }] }, { include: [{ service: 'web' }] }, {}, {}, {}],
  });
});

test('the time limit of a job is the sum of all limits of its rollout plus half an hour for the build', async () => {
  const text = `
environments: { production: { start-timeout: 1m, capacity-timeout: 5m } }
services: { web: { steps: [20, 100], step-timeout: 7m, keep-old: 3m, conflict-timeout: 2m }, api: { steps: 10;100 } }
`;
  writeFileSync(join(cwd, 'times.yml'), text);
  const args = ['changes', '--config', 'times.yml', '--environment', 'production', '--json'];
  const { stdout } = await call(args, { cwd });
  expect(JSON.parse(stdout)).toMatchObject({
    matrix: {
      include: [
        { service: 'api', 'timeout-minutes': 30 + 5 + 1 + 4 * 30 + 10 + 30 },
        { service: 'web', 'timeout-minutes': 2 + 5 + 1 + 7 + 3 + 30 },
      ],
    },
  });
});

test('a base that starts with a dash is rejected', async () => {
  const { code, stderr } = await call(['changes', '--base=-x'], { cwd });
  expect([code, stderr]).toEqual([2, expect.stringContaining('--base: "-x" is not a commit')]);
});

test('a base that git does not know is rejected; a complete commit that is gone counts as everything', async () => {
  const typo = await call(['changes', '--base', 'nosuch'], { cwd });
  expect([typo.code, typo.stderr]).toEqual([
    2,
    expect.stringMatching(/^--base: git knows no commit "nosuch", here or at origin\. Name a commit/),
  ]);
  const gone = await call(['changes', '--base', 'c'.repeat(40)], { cwd });
  expect([gone.code, gone.stdout]).toEqual([0, expect.stringMatching(/^2 services touched .*not known/)]);
});

test('without a base, the reason names the option instead of a workflow', async () => {
  const { stdout } = await call(['changes'], { cwd });
  expect(stdout).toMatch(/^2 services touched \(no commit to compare with was named: use --base\)/);
});

test('the branch of the clone chooses the environment', async () => {
  git('checkout', '-q', '-b', 'release');
  writeFileSync(
    join(cwd, 'envs.yml'),
    'environments: { live: { branches: release } }\nservices: { web: {} }\n',
  );
  const { stdout } = await call(['changes', '--config', 'envs.yml', '--json'], { cwd });
  expect(JSON.parse(stdout)).toMatchObject({ environment: 'live' });
});
