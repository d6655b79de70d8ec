import { DescribeTaskDefinitionCommand, RunTaskCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { cleanedUpInWords, cleanUp } from '../../../../../src/commands/reconcile/clean-up/clean-up.ts';
import { taskDefinitionParts } from '../../../../../src/core/arn.ts';
import { superfluous } from '../../../../../src/commands/reconcile/clean-up/superfluous.ts';
import { openDeployedSandbox, type DeployedSandbox } from '../../../../support/deployed-sandbox.ts';
import { call } from '../../../cli/calls.ts';

let sandbox: DeployedSandbox;
beforeEach(async () => {
  sandbox = await openDeployedSandbox();
});
afterEach(() => sandbox.close());

const CHARGE = { cluster: 'shop', services: null, repository: null, keepImages: null };
const numberOf = (arn: string) => Number(arn.slice(arn.lastIndexOf(':') + 1));

async function activeOf(arns: readonly string[]): Promise<readonly number[]> {
  const ecs = await sandbox.bystander.ecs();
  const described = await Promise.all(
    arns.map((taskDefinition) => ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }))),
  );
  return described
    .filter(({ taskDefinition }) => taskDefinition?.status === 'ACTIVE')
    .map(({ taskDefinition }) => taskDefinition!.revision!);
}

async function clean(keepRevisions: number, dryRun = false) {
  const request = { charges: [{ ...CHARGE, keepRevisions }], dryRun };
  const cleaned = await cleanUp(request, sandbox.clients);
  return { cleaned, words: cleanedUpInWords(cleaned, request) };
}

test('old revisions by ecs-ramp are deregistered, except those in use, and no others', async () => {
  const first = await sandbox.currentTaskDefinition();
  const theirs = await sandbox.register('theirs');
  const release = (version: string) => sandbox.release(version, 'c'.repeat(40));
  const [a, b, c] = [await release('a'), await release('b'), await release('c')];
  const [d, e] = [await release('d'), await release('e')];
  await sandbox.deploy(b);
  const ecs = await sandbox.bystander.ecs();
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
  await sandbox.until(
    ecs.send(new RunTaskCommand({ cluster: 'shop', taskDefinition: c, networkConfiguration })),
  );
  expect((await clean(2, true)).words).toEqual([
    `web: revisions ${numberOf(a)} would be deregistered: old and not in use`,
  ]);
  const all = [first, theirs, a, b, c, d, e];
  expect(await activeOf(all)).toHaveLength(all.length);

  expect((await clean(2)).cleaned).toEqual([{ family: taskDefinitionParts(a).family, deregistered: [a] }]);
  expect(await activeOf(all)).toEqual([first, theirs, b, c, d, e].map(numberOf));
  expect((await clean(2)).words).toEqual([]);
});

test('a rollout in progress keeps both of its revisions', async () => {
  const before = await sandbox.release('before', 'c'.repeat(40));
  await sandbox.deploy(before);
  const next = await sandbox.release('next', 'd'.repeat(40));
  await sandbox.ramp(next, 30);
  for (const version of ['x', 'y', 'z']) await sandbox.release(version, 'e'.repeat(40));
  await clean(2);
  expect(await activeOf([before, next])).toEqual([before, next].map(numberOf));
});

const rehearsed = (...kept: (number | null)[]) => {
  const charges = kept.map((keepRevisions) => ({ ...CHARGE, services: ['web'], keepRevisions }));
  return cleanUp({ charges, dryRun: true }, sandbox.clients);
};

test('a shared family keeps the maximum of its services', async () => {
  const versions = ['a', 'b', 'c', 'd'];
  for (const version of versions) await sandbox.release(version, 'c'.repeat(40));
  expect(await rehearsed(2, 3)).toMatchObject([{ deregistered: [expect.anything()] }]);
  expect(await rehearsed(2, null)).toEqual([]);
  expect(await rehearsed(null)).toEqual([]);
});

test('reconcile does it if configured', async () => {
  const old = await sandbox.release('old', 'c'.repeat(40));
  for (const version of ['x', 'y']) await sandbox.release(version, 'e'.repeat(40));
  const { clock, clients } = sandbox;
  const env = { AWS_REGION: 'eu-west-1' };
  const args = ['reconcile', '--cluster', 'shop', '--keep-revisions', '2'];
  const { stdout } = await sandbox.until(call(args, { env, clock, clients }));
  expect(JSON.parse(stdout)).toMatchObject({ state: 'clean', cleanedUp: [{ deregistered: [old] }] });
});

test('the newest are always kept, and the oldest are deregistered first', () => {
  const revisions = [5, 4, 3, 2, 1].map((number) => `arn:aws:ecs:x:1:task-definition/web:${number}`);
  const inUse = new Set([revisions[3]!]);
  expect(superfluous(revisions, { keep: 2, inUse }).map(numberOf)).toEqual([1, 3]);
  expect(superfluous(revisions, { keep: 9, inUse })).toEqual([]);
});
