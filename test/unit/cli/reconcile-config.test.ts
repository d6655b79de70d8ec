import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { DeregisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import type { Access } from '../../../src/core/access.ts';
import { HOUR } from '../../../src/core/time/clock.ts';
import { openDeployedSandbox, type DeployedSandbox } from '../../support/deployed-sandbox.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';
import { call } from './calls.ts';

const cwd = mkdtempSync(join(tmpdir(), 'ecs-ramp-reconcile-'));
afterAll(() => rmSync(cwd, { recursive: true }));
const SHOP = `
defaults: { cluster: shop, keep-revisions: 2 }
environments:
  production: { branches: main, role-to-assume: 'arn:aws:iam::111111111111:role/{service}' }
services:
  web:
  billing: { aws-region: us-east-1, role-to-assume: 'arn:aws:iam::333333333333:role/billing', keep-revisions: 4 }
`;

/** Two accounts, each with a service `web` in a cluster `shop`. */
let shop: DeployedSandbox;
let billing: DeployedSandbox;
beforeEach(async () => {
  const clock = createVirtualClock();
  [shop, billing] = [await openDeployedSandbox({ clock }), await openDeployedSandbox({ clock })];
  for (const sandbox of [shop, billing])
    for (const version of ['a', 'b', 'c', 'd']) await sandbox.release(version, 'c'.repeat(40));
});
afterEach(async () => {
  await shop.close();
  await billing.close();
});

async function reconcile(
  args: readonly string[],
  { text = SHOP, clients = accountOf }: { text?: string; clients?: typeof accountOf } = {},
) {
  writeFileSync(join(cwd, 'ecs-ramp.yml'), text);
  const env = { AWS_REGION: 'eu-west-1', GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'main' };
  const { code, stdout, stderr } = await shop.until(
    call(['reconcile', '--config', 'ecs-ramp.yml', ...args], { env, cwd, clock: shop.clock, clients }),
  );
  return { code, stderr, told: code === 2 ? null : JSON.parse(stdout) };
}

function accountOf({ role, region }: Access) {
  if (role === 'arn:aws:iam::111111111111:role/web' && region === 'eu-west-1') return shop.clients;
  if (role === 'arn:aws:iam::333333333333:role/billing' && region === 'us-east-1') return billing.clients;
  throw new Error(`Nobody is ${role} in ${region}.`);
}

const BOTH = SHOP.replace('billing: {', 'billing: { service: web,');
const numbers = (arns: readonly string[]) => arns.map((arn) => arn.slice(arn.lastIndexOf(':') + 1));

test('each service of the file is maintained in its own account, with its own keep-revisions', async () => {
  const { code, told } = await reconcile([], { text: BOTH });
  expect(code).toBe(0);
  expect(told.services).toMatchObject([
    { cluster: 'shop', service: 'web', state: 'clean' },
    { cluster: 'shop', service: 'web', state: 'clean' },
  ]);
  // ecs-ramp did not register the first revision of each service.
  expect(told.cleanedUp.map((each: { deregistered: string[] }) => numbers(each.deregistered))).toEqual([
    ['2', '3'],
    [],
  ]);
});

test('options override the file, and --service may select one of its services', async () => {
  const args = ['--service', 'billing', '--keep-revisions', '3', '--dry-run'];
  const { told } = await reconcile(args, { text: BOTH });
  expect(told.cleanedUp.map((each: { deregistered: string[] }) => numbers(each.deregistered))).toEqual([
    ['2'],
  ]);
});

test('a service that cannot be read is dirty with a reason, and the others are maintained', async () => {
  const { code, told } = await reconcile([]);
  expect(code).toBe(4);
  expect(told.services).toMatchObject([
    { service: 'web', state: 'clean' },
    { service: 'billing', state: 'dirty', reason: expect.stringContaining('billing') },
  ]);
  expect(told.cleanedUp).toMatchObject([{ deregistered: [expect.anything(), expect.anything()] }]);
});

/** The error output for a file whose service has these keys. */
const told = async (keys: string) =>
  (await reconcile([], { text: `services: { web: { cluster: shop, ${keys} } }` })).stderr;

test('keep-images requires a repository in the file, and cannot be below keep-revisions', async () => {
  const env = { AWS_REGION: 'eu-west-1' };
  const { stderr } = await call(['reconcile', '--keep-images', '9'], { env });
  expect(stderr).toContain('--keep-images: only ecs-ramp.yml sets the image repository of a service');
  expect(await told('keep-images: 9, keep-revisions: 9')).toContain('Give repository.');
  expect(await told('keep-images: 9, repository: web')).toContain('Give keep-revisions too.');
  expect(await told('keep-images: 8, repository: web, keep-revisions: 9')).toMatch(
    /^ecs-ramp.yml:1:35: keep-images: 9 task definition revisions .* Write 9 or more.$/,
  );
  expect(await told('keep-images: 9, keep-revisions: 9, repository: web, registry: ghcr.io')).toContain(
    'the images are in ghcr.io, and images are deleted only in ECR',
  );
});

test('deregistered revisions are reported even if the images cannot be read', async () => {
  const text = `
defaults: { cluster: shop, keep-revisions: 2, repository: nope, keep-images: 2 }
services: { web: { role-to-assume: 'arn:aws:iam::111111111111:role/web' }, other: { service: web, role-to-assume: 'arn:aws:iam::111111111111:role/web' } }`;
  const { code, told: said } = await reconcile([], { text });
  expect(code).toBe(4);
  expect(said.services[0].reason).toContain('nope');
  expect(said.cleanedUp.map((each: { deregistered: string[] }) => numbers(each.deregistered))).toEqual([
    ['2', '3'],
  ]);
});

test('allowed accounts apply to each service, from the file and from the option', async () => {
  const asked: (readonly string[] | undefined)[] = [];
  const clients = (access: Access) => {
    asked.push(access.accounts);
    return accountOf(access);
  };
  const text = BOTH.replace('keep-revisions: 2', "keep-revisions: 2, allowed-account-ids: '111111111111'");
  await reconcile([], { text, clients });
  await reconcile(['--allowed-account-ids', '222222222222,333333333333'], { text, clients });
  const both = ['222222222222', '333333333333'];
  expect(asked).toEqual([['111111111111'], ['111111111111'], both, both]);
});

const sharing = (keep: number) => `
defaults: { cluster: shop, repository: shop/web, keep-revisions: 2, aws-region: eu-west-1 }
services:
  web: { keep-images: 2, role-to-assume: 'arn:aws:iam::111111111111:role/web' }
  worker: { keep-images: ${keep}, role-to-assume: 'arn:aws:iam::111111111111:role/worker' }
`;

/** How many images would be deleted when `web` is maintained. */
async function deleted(keep: number): Promise<number> {
  const done = await reconcile(['--service', 'web', '--dry-run'], { text: sharing(keep) });
  return done.told.deletedImages.length;
}

test('the highest keep-images of all services with the same repository applies, even if only one is maintained', async () => {
  for (const tag of ['v1', 'v2', 'v3', 'v4', 'v5', 'v6'])
    await shop.release(shop.ecr.push('shop/web', tag, 8 * 24 * HOUR), 'c'.repeat(40));
  const ecs = await shop.bystander.ecs();
  for (const revision of [5, 6, 7, 8])
    await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: `web:${revision}` }));
  expect(await deleted(2)).toBe(1);
  expect(await deleted(9)).toBe(0);
});

test.each([
  [['--cluster', 'shop'], '--cluster: ecs-ramp.yml sets the cluster of each service'],
  [['--service', 'wbe'], 'Did you mean web?'],
  [['--environment', 'producton'], 'Did you mean production?'],
])('%j with a file is rejected', async (args, told) => {
  const { code, stderr } = await reconcile(args);
  expect(code).toBe(2);
  expect(stderr).toContain(told);
});
