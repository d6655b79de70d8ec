import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { MISUSED } from '../../../src/cli/exit-codes.ts';
import { openDeployedSandbox, type DeployedSandbox } from '../../support/deployed-sandbox.ts';
import { call } from '../cli/calls.ts';
import { invent } from '../judge/invented.ts';
import { pages, read } from './pages.ts';

jest.setTimeout(120_000);

/** Every command line of ecs-ramp in a page: in a block or in a sentence, without pipes. */
function commandsOf(page: string): readonly string[] {
  const text = read(page).replaceAll('\\\n', ' ');
  return [...text.matchAll(/npx (?:--yes )?ecs-ramp(?:@[\d.]+)? ([a-z-][^\n`|>']*)/g)].map(
    ([, command = '']) => command.trim(),
  );
}

const commands = [...new Set(pages.flatMap(commandsOf))].sort();

/** The arguments, as a shell splits them. */
function split(command: string): readonly string[] {
  return execFileSync('sh', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
}

const CONFIG = `
defaults: { cluster: shop, repository: 'shop/{service}', context: . }
environments: { production: { branches: main } }
services: { web: , api: }
`;

const clone = mkdtempSync(join(tmpdir(), 'ecs-ramp-docs-'));
let sandbox: DeployedSandbox;
beforeAll(async () => {
  writeFileSync(join(clone, 'ecs-ramp.yml'), CONFIG);
  writeFileSync(join(clone, 'Dockerfile'), 'FROM scratch\n');
  // A report of an earlier command must not be an uncommitted change of the clone.
  writeFileSync(join(clone, '.gitignore'), 'report/\n');
  mkdirSync(join(clone, 'report'));
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: clone });
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  sandbox = await openDeployedSandbox();
  await sandbox.deploy(await sandbox.release('v2', '0a1b2c3'.padEnd(40, '0')));
});
afterAll(async () => {
  rmSync(clone, { recursive: true });
  await sandbox.close();
});

test('the pages show commands', () => {
  expect(commands.length).toBeGreaterThan(25);
});

// A command may fail on this service, for example because nothing waits for an approval.
test.each(commands)('ecs-ramp %s: the command line is accepted, and the command ends', async (command) => {
  const { clock, clients, until } = sandbox;
  const { code, stdout, stderr } = await until(
    call(split(command), {
      // init does not overwrite files.
      cwd: command.startsWith('init ') ? mkdtempSync(join(clone, 'report', 'init-')) : clone,
      // There is no Docker engine here: a command that builds fails after its checks.
      env: { AWS_REGION: 'eu-west-1', DOCKER_HOST: `unix://${clone}/none.sock` },
      files: { 'recording.json': JSON.stringify(invent({ minutes: 12 })) },
      clock,
      clients,
    }),
  );
  expect({ code, stderr }).not.toMatchObject({ code: MISUSED });
  expect(stdout + stderr).not.toMatch(/please report|TypeError| {4}at /);
});
