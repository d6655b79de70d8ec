import {
  DeregisterTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
} from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { cleanUpImages, deletedInWords } from '../../../../../src/commands/reconcile/clean-up/images.ts';
import { isInUse } from '../../../../../src/commands/reconcile/clean-up/images-in-use.ts';
import { outlived } from '../../../../../src/commands/reconcile/clean-up/outlived.ts';
import { HOUR } from '../../../../../src/core/time/clock.ts';
import { openDeployedSandbox, type DeployedSandbox } from '../../../../support/deployed-sandbox.ts';

const DAY = 24 * HOUR;
const CHARGE = {
  cluster: 'shop',
  services: ['web'],
  keepRevisions: 2,
  repository: 'shop/web',
  keepImages: 2 as number | null,
};

let sandbox: DeployedSandbox;
beforeEach(async () => {
  sandbox = await openDeployedSandbox();
});
afterEach(() => sandbox.close());

const digestOf = (image: string) => image.slice(image.indexOf('@') + 1);

async function deregister(...taskDefinitions: readonly string[]): Promise<void> {
  const ecs = await sandbox.bystander.ecs();
  for (const taskDefinition of taskDefinitions)
    await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
}

/**
 * Images v1, v2 and so on, each pushed and released; all but the two newest revisions are
 * deregistered.
 */
async function released(count: number) {
  const images: string[] = [];
  const revisions: string[] = [];
  for (let number = 1; number <= count; number++) {
    const image = sandbox.ecr.push('shop/web', `v${number}`, 8 * DAY);
    images.push(image);
    revisions.push(await sandbox.release(image, 'c'.repeat(40)));
    await sandbox.clock.advance(1_000);
  }
  await deregister(...revisions.slice(0, -2));
  return images;
}

async function clean({ charges = [CHARGE], dryRun = false } = {}) {
  const done = await cleanUpImages({ charges, dryRun }, sandbox.clients, sandbox.clock.now());
  return deletedInWords(done, { dryRun });
}

const containers = (image: string) => [{ name: 'job', image, memory: 128 }];

test('old images by ecs-ramp are deleted only if nothing uses them', async () => {
  const images = await released(9);
  const theirs = sandbox.ecr.push('shop/web', 'theirs', 9 * DAY);
  const [, v2 = '', v3 = '', v4 = '', v5 = ''] = images;
  const ecs = await sandbox.bystander.ecs();
  // v2: another family uses its digest. v3: another family uses its tag.
  await ecs.send(
    new RegisterTaskDefinitionCommand({ family: 'nightly', containerDefinitions: containers(v2) }),
  );
  const byTag = v3.replace(/@.*/, ':v3');
  await ecs.send(
    new RegisterTaskDefinitionCommand({ family: 'weekly', containerDefinitions: containers(byTag) }),
  );
  // v4: a task runs whose revision is deregistered.
  const job = await ecs.send(
    new RegisterTaskDefinitionCommand({ family: 'job', containerDefinitions: containers(v4) }),
  );
  const taskDefinition = job.taskDefinition!.taskDefinitionArn!;
  await sandbox.until(ecs.send(new RunTaskCommand({ cluster: 'shop', taskDefinition })));
  await deregister(taskDefinition);
  // v5: the service was rolled back to it.
  await sandbox.deploy(await sandbox.release(v5, 'c'.repeat(40)));
  await deregister(await sandbox.currentTaskDefinition());

  expect(await clean({ dryRun: true })).toEqual([
    'shop/web: images v1, v6, v7 would be deleted: old and not in use',
  ]);
  expect(sandbox.ecr.images('shop/web')).toHaveLength(10);
  expect(await clean()).toEqual(['shop/web: images v1, v6, v7 were deleted: old and not in use']);
  const left = [v2, v3, v4, v5, ...images.slice(7), theirs];
  expect(sandbox.ecr.images('shop/web')).toEqual(left.map(digestOf));
  expect(await clean()).toEqual([]);
});

test('images that were pulled within a week, or have no tag, are kept', async () => {
  const images = await released(6);
  const part = digestOf(sandbox.ecr.push('shop/web', null, 9 * DAY));
  sandbox.ecr.pull(images[0]!);
  expect(await clean()).toEqual(['shop/web: images v2, v3, v4 were deleted: old and not in use']);
  const [v1 = '', , , , v5 = '', v6 = ''] = images.map(digestOf);
  expect(sandbox.ecr.images('shop/web').toSorted()).toEqual([part, v1, v5, v6].toSorted());
});

test('images of kept revisions are kept, even beyond keep-images', async () => {
  await released(5);
  const ecs = await sandbox.bystander.ecs();
  const again = sandbox.ecr.images('shop/web')[0]!;
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'web',
      containerDefinitions: [{ name: 'web', image: `mirror.example.com/ecr/shop/web@${again}`, memory: 128 }],
    }),
  );
  expect(await clean()).toEqual(['shop/web: images v2, v3 were deleted: old and not in use']);
});

test('the image of a rollback target is kept, even if many newer images were never live', async () => {
  const served: string[] = [];
  const revisions: string[] = [];
  for (const tag of ['v1', 'v2', 'v3', 'v4', 'v5', 'v6']) {
    const image = sandbox.ecr.push('shop/web', tag, 9 * DAY);
    const revision = await sandbox.release(image, 'c'.repeat(40));
    await sandbox.deploy(revision);
    served.push(image);
    revisions.push(revision);
  }
  for (const tag of ['v7', 'v8'])
    await sandbox.release(sandbox.ecr.push('shop/web', tag, 8 * DAY), 'c'.repeat(40));
  await deregister(...revisions.slice(0, -1));
  expect(await clean()).toEqual(['shop/web: images v1 were deleted: old and not in use']);
  expect(sandbox.ecr.images('shop/web').slice(0, 5)).toEqual(served.slice(1).map(digestOf));
});

test('nothing is deleted if a service uses a tag of the repository, which may have been another image', async () => {
  const images = await released(5);
  const byTag = await sandbox.register(images.at(-1)!.replace(/@.*/, ':v5'));
  await sandbox.deploy(byTag);
  expect(await clean()).toEqual([]);
  await sandbox.deploy(await sandbox.release(images.at(-1)!, 'c'.repeat(40)));
  expect(await clean()).toEqual(['shop/web: images v1, v2, v3 were deleted: old and not in use']);
});

test('nothing is deleted unless all services that share the repository set a limit', async () => {
  await released(5);
  expect(await clean({ charges: [{ ...CHARGE, keepImages: null }] })).toEqual([]);
  expect(await clean({ charges: [CHARGE, { ...CHARGE, keepImages: null }] })).toEqual([]);
  expect(await clean({ charges: [CHARGE, { ...CHARGE, keepImages: 4 }] })).toEqual([
    'shop/web: images v1 were deleted: old and not in use',
  ]);
});

describe('an image is in use', () => {
  const stored = { repository: 'shop/web', digest: 'sha256:aa', tags: ['v1', 'latest'] };
  const nothing = { references: [], digests: new Set<string>(), unknown: [] };
  const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
  test.each([
    ['by its digest', { references: [`${host}/shop/web@sha256:aa`] }, true],
    ['by a tag', { references: [`${host}/shop/web:v1`] }, true],
    ['as the latest', { references: [`${host}/shop/web`] }, true],
    ['from a mirror with a port', { references: ['mirror:5000/ecr/shop/web:v1'] }, true],
    ['by what a tag was when a task began', { digests: new Set(['sha256:aa']) }, true],
    ['perhaps, where a task does not tell what its tag was', { unknown: [`${host}/shop/web:v9`] }, true],
    ['not where another tag is named', { references: [`${host}/shop/web:v2`] }, false],
    ['not where the tag is of another repository', { references: [`${host}/shop/api:v1`] }, false],
    ['not where the digest is another', { references: [`${host}/shop/web:v1@sha256:bb`] }, false],
  ])('%s', (_, found, expected) => {
    expect(isInUse(stored, { ...nothing, ...found })).toBe(expected);
  });
});

const image = (digest: string, pushedAt: number, pulledAt: number | null = null) => ({
  digest,
  tags: [digest],
  pushedAt: pushedAt * DAY,
  pulledAt: pulledAt === null ? null : pulledAt * DAY,
});

test('the newest are kept, and the oldest are deleted first', () => {
  const images = [image('b', 2), image('a', 1), image('e', 5), image('d', 4), image('c', 3, 95)];
  const names = (keep: number) => outlived(images, { keep, now: 100 * DAY }).map(({ digest }) => digest);
  expect(names(2)).toEqual(['a', 'b']);
  expect(names(9)).toEqual([]);
});
