import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  ListImagesCommand,
  ListTagsForResourceCommand,
  PutImageCommand,
  PutImageTagMutabilityCommand,
} from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type Docker from 'dockerode';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { startEcr } from '../../sandbox/ecr/ecr.ts';
import type { Ecr } from '../../sandbox/ecr/ecr.ts';
import { startEngine } from '../../sandbox/engine/engine.ts';
import type { Engine } from '../../sandbox/engine/engine.ts';
import { passwordGate, startRegistry } from '../../sandbox/registry/registry.ts';
import { createFaults } from '../../sandbox/faults/faults.ts';
import { createWire, inProcess, knowsOperation } from '../../sandbox/wire/wire.ts';
import { HOUR } from '../../src/core/time/clock.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const clock = createVirtualClock();
let folder: string;
let engine: Engine;
let ecr: Ecr;
let client: ECRClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecs-ramp-ecr-'));
  engine = await startEngine();
  ecr = await startEcr({
    clock,
    account: '123456789012',
    region: 'eu-west-1',
    directory: join(folder, 'registry'),
  });
  const wire = createWire({
    services: [ecr.service],
    faults: createFaults(knowsOperation),
    clock,
    account: '123456789012',
    onFailure: (error) => console.error(error),
  });
  client = new ECRClient({
    region: 'eu-west-1',
    endpoint: 'http://sandbox',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    requestHandler: inProcess(wire),
    maxAttempts: 1,
  });
}, 90_000);

afterAll(async () => {
  await ecr.close();
  await engine.close();
  await rm(folder, { recursive: true });
});

async function login(): Promise<{ username: string; password: string; serveraddress: string }> {
  const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}));
  const { authorizationToken = '', proxyEndpoint = '' } = authorizationData?.[0] ?? {};
  const [username = '', password = ''] = Buffer.from(authorizationToken, 'base64').toString().split(':');
  return { username, password, serveraddress: proxyEndpoint };
}

/** Builds and pushes an image of one file. The engine does not keep it. */
async function push(
  name: string,
  content: string,
  { times = 1, authconfig = login() } = {},
): Promise<string | null> {
  const source = await mkdtemp(join(folder, 'image-'));
  await writeFile(join(source, 'content'), content);
  const { stdout } = spawnSync('tar', ['-cC', source, 'content']);
  const image = await imported(engine.docker, stdout, `${ecr.host}/${name}`);
  try {
    let problem: string | null = null;
    for (let time = 0; time < times; time += 1) problem ??= await pushed(image, await authconfig);
    return problem;
  } finally {
    await image.remove({ force: true });
  }
}

async function imported(docker: Docker, archive: Buffer, name: string): Promise<Docker.Image> {
  const [repo, tag] = name.split(/:(?=[^:]+$)/);
  const stream = await docker.importImage(Readable.from([archive]), { repo, tag });
  await new Promise<void>((resolve, reject) =>
    docker.modem.followProgress(stream, (error: Error | null) => (error ? reject(error) : resolve())),
  );
  return docker.getImage(name);
}

/** The error in the push's stream, or `null`. */
async function pushed(image: Docker.Image, authconfig: object): Promise<string | null> {
  const stream = await image.push({ authconfig });
  let problem: string | null = null;
  await new Promise<void>((resolve) =>
    engine.docker.modem.followProgress(
      stream,
      () => resolve(),
      (event: { error?: string }) => (problem ??= event.error ?? null),
    ),
  );
  return problem;
}

const create = (repositoryName: string, imageTagMutability: 'MUTABLE' | 'IMMUTABLE' = 'MUTABLE') =>
  client.send(new CreateRepositoryCommand({ repositoryName, imageTagMutability }));

const remove = (repositoryName: string, force: boolean) =>
  client.send(new DeleteRepositoryCommand({ repositoryName, force }));

describe('repositories', () => {
  test('are described with the settings that they were created with', async () => {
    const { repository } = await client.send(
      new CreateRepositoryCommand({
        repositoryName: 'team/shop',
        imageTagMutability: 'IMMUTABLE',
        imageScanningConfiguration: { scanOnPush: true },
        tags: [{ Key: 'owner', Value: 'shop' }],
      }),
    );
    expect(repository).toMatchObject({
      repositoryArn: 'arn:aws:ecr:eu-west-1:123456789012:repository/team/shop',
      registryId: '123456789012',
      repositoryUri: `${ecr.host}/team/shop`,
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
    });
    const { repositories } = await client.send(
      new DescribeRepositoriesCommand({ repositoryNames: ['team/shop'] }),
    );
    expect(repositories).toEqual([repository]);
    const { tags } = await client.send(
      new ListTagsForResourceCommand({ resourceArn: repository?.repositoryArn }),
    );
    expect(tags).toEqual([{ Key: 'owner', Value: 'shop' }]);
  });

  test('cannot be created twice, nor with an invalid name', async () => {
    await create('twice');
    await expect(create('twice')).rejects.toMatchObject({
      name: 'RepositoryAlreadyExistsException',
      message: "The repository with name 'twice' already exists in the registry with id '123456789012'",
    });
    await expect(create('Shop')).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining("Invalid parameter at 'repositoryName' failed to satisfy constraint"),
    });
  });

  test('that do not exist are named in the error', async () => {
    await expect(
      client.send(new DescribeRepositoriesCommand({ repositoryNames: ['absent'] })),
    ).rejects.toMatchObject({
      name: 'RepositoryNotFoundException',
      message: "The repository with name 'absent' does not exist in the registry with id '123456789012'",
    });
  });
});

describe('images', () => {
  test('that docker pushed are described with digest, tags, time and size', async () => {
    await create('described');
    expect(await push('described:v1', 'one')).toBeNull();
    const { imageDetails } = await client.send(new DescribeImagesCommand({ repositoryName: 'described' }));
    expect(imageDetails).toEqual([
      expect.objectContaining({
        imageDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        imageTags: ['v1'],
        imagePushedAt: new Date(clock.now()),
        imageSizeInBytes: expect.any(Number),
        registryId: '123456789012',
      }),
    ]);
    const digest = imageDetails?.[0]?.imageDigest ?? '';
    const byDigest = await client.send(
      new DescribeImagesCommand({ repositoryName: 'described', imageIds: [{ imageDigest: digest }] }),
    );
    expect(byDigest.imageDetails).toEqual(imageDetails);
    await expect(
      client.send(new DescribeImagesCommand({ repositoryName: 'described', imageIds: [{ imageTag: 'v9' }] })),
    ).rejects.toMatchObject({
      name: 'ImageNotFoundException',
      message:
        "The image with imageId {imageDigest:'null', imageTag:'v9'} does not exist within the repository " +
        "with name 'described' in the registry with id '123456789012'",
    });
    await pull(`${ecr.host}/described@${digest}`);
  });

  test('lose a tag that is pushed for another image', async () => {
    await create('moving');
    await push('moving:latest', 'one');
    await push('moving:latest', 'two');
    const { imageIds } = await client.send(new ListImagesCommand({ repositoryName: 'moving' }));
    expect(imageIds?.map(({ imageTag }) => imageTag)).toEqual([undefined, 'latest']);
    const tagged = await client.send(
      new ListImagesCommand({ repositoryName: 'moving', filter: { tagStatus: 'TAGGED' } }),
    );
    expect(tagged.imageIds).toHaveLength(1);
  });

  test('an immutable tag can only be pushed again for its own image', async () => {
    await create('fixed', 'IMMUTABLE');
    expect(await push('fixed:v1', 'one', { times: 2 })).toBeNull();
    expect(await push('fixed:v1', 'two')).toBe(
      "tag invalid: The image tag 'v1' already exists in the 'fixed' repository and cannot be overwritten because the tag is immutable.",
    );
  });

  test('enabling immutability applies to existing tags', async () => {
    await create('switched');
    await push('switched:v1', 'one');
    await client.send(
      new PutImageTagMutabilityCommand({ repositoryName: 'switched', imageTagMutability: 'IMMUTABLE' }),
    );
    expect(await push('switched:v1', 'two')).toContain('the tag is immutable');
  });

  test('can be tagged without another push', async () => {
    await create('promoted');
    await push('promoted:v1', 'one');
    const imageManifest = await manifestOf('promoted', 'v1');
    await client.send(
      new PutImageCommand({ repositoryName: 'promoted', imageTag: 'production', imageManifest }),
    );
    const { imageDetails } = await client.send(new DescribeImagesCommand({ repositoryName: 'promoted' }));
    expect(imageDetails).toEqual([expect.objectContaining({ imageTags: ['v1', 'production'] })]);
    await expect(
      client.send(new PutImageCommand({ repositoryName: 'promoted', imageTag: 'v1', imageManifest })),
    ).rejects.toMatchObject({ name: 'ImageAlreadyExistsException' });
  });

  test('cannot be pulled after they or their last tag are deleted', async () => {
    await create('deleted');
    await push('deleted:v1', 'one');
    const { imageIds, failures } = await client.send(
      new BatchDeleteImageCommand({
        repositoryName: 'deleted',
        imageIds: [{ imageTag: 'v1' }, { imageTag: 'v2' }],
      }),
    );
    expect(imageIds).toHaveLength(1);
    expect(failures).toEqual([
      {
        imageId: { imageTag: 'v2' },
        failureCode: 'ImageNotFound',
        failureReason: 'Requested image not found',
      },
    ]);
    await expect(pull(`${ecr.host}/deleted:v1`)).rejects.toThrow('Requested image not found');
    const { imageDetails } = await client.send(new DescribeImagesCommand({ repositoryName: 'deleted' }));
    expect(imageDetails).toEqual([]);
  });

  test('prevent the deletion of their repository unless it is forced', async () => {
    await create('full');
    await push('full:v1', 'one');
    await expect(remove('full', false)).rejects.toMatchObject({ name: 'RepositoryNotEmptyException' });
    await remove('full', true);
    expect(await push('full:v1', 'one')).toContain("The repository with name 'full' does not exist");
  });
});

describe('the registry’s access control', () => {
  test('refuses a repository that was never created', async () => {
    expect(await push('absent:v1', 'one')).toBe(
      "name unknown: The repository with name 'absent' does not exist in the registry with id '123456789012'",
    );
  });

  test('refuses a wrong password, and a token that has expired', async () => {
    await create('guarded');
    const token = await login();
    await expect(engine.docker.checkAuth(token)).resolves.toMatchObject({ Status: 'Login Succeeded' });
    await expect(engine.docker.checkAuth({ ...token, password: 'wrong' })).rejects.toThrow(
      '401 Unauthorized',
    );
    await clock.advance(12 * HOUR);
    expect(await push('guarded:v1', 'one', { authconfig: Promise.resolve(token) })).toContain(
      'Your authorization token has expired. Reauthenticate and try again.',
    );
    expect(await push('guarded:v1', 'one')).toBeNull();
  });
});

test('a private registry accepts any repository with the right password', async () => {
  const gate = passwordGate('ci', 'a password: with a colon');
  const registry = await startRegistry({ clock, gate, directory: join(folder, 'private') });
  const as = (credentials: string) =>
    fetch(`http://${registry.host}/v2/any/thing/tags/list`, {
      headers: { authorization: `Basic ${btoa(credentials)}` },
    });
  expect((await as('ci:wrong')).status).toBe(401);
  expect(await (await as('ci:a password: with a colon')).json()).toEqual({ name: 'any/thing', tags: [] });
  await registry.close();
});

test('the registry leaves nothing behind', async () => {
  const directory = join(folder, 'another');
  const another = await startEcr({ clock, account: '123456789012', region: 'eu-west-1', directory });
  await another.close();
  expect(await readdir(folder)).not.toContain('another');
  await expect(fetch(`http://${another.host}/v2/`)).rejects.toThrow('fetch failed');
});

async function pull(name: string): Promise<void> {
  const stream = await engine.docker.pull(name, { authconfig: await login() });
  await new Promise<void>((resolve, reject) =>
    engine.docker.modem.followProgress(stream, (error: Error | null) => (error ? reject(error) : resolve())),
  );
  await engine.docker.getImage(name).remove({ force: true });
}

async function manifestOf(repositoryName: string, imageTag: string): Promise<string> {
  const { images } = await client.send(
    new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag }] }),
  );
  return images?.[0]?.imageManifest ?? '';
}
