// Images so large that ecs-ramp uploads their layers itself.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, request as forward } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareImage, type Image, type ImageContext } from '../../src/image/image.ts';
import { importBusybox } from '../support/base-image.ts';
import { docker, removeImages } from '../support/docker.ts';
import { buildRequest, imagePorts } from '../support/image-ports.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';

const BASE = `img-busybox-${randomUUID()}`;
const REPOSITORY = 'img-upload/web';
const MB = 1024 * 1024;

let registry: TestRegistry;
let context: string;
let temporary: string;

beforeAll(async () => {
  registry = await startRegistry();
  importBusybox(BASE);
});

afterAll(async () => {
  await registry.stop();
  removeImages(BASE);
});

beforeEach(async () => {
  context = await mkdtemp(join(tmpdir(), 'ecs-ramp-image-'));
  temporary = await mkdtemp(join(tmpdir(), 'ecs-ramp-runner-'));
  process.env['RUNNER_TEMP'] = temporary;
  await write('dependencies', 60);
  await write('app', 4);
  await writeFile(
    join(context, 'Dockerfile'),
    `FROM ${BASE}\nCOPY dependencies /\nCOPY app /\nWORKDIR /work\nRUN echo ${randomUUID()} > made`,
  );
});

afterEach(async () => {
  delete process.env['RUNNER_TEMP'];
  expect(await readdir(temporary)).toEqual([]);
  removeImages(`${registry.host}/${REPOSITORY}`);
  await rm(context, { recursive: true });
  await rm(temporary, { recursive: true });
});

/** A file that nobody has built yet, of which a quarter cannot be compressed. */
async function write(name: string, megabytes: number): Promise<void> {
  const part = Buffer.concat([randomBytes(MB / 4), Buffer.alloc((MB / 4) * 3)]);
  await writeFile(join(context, name), Buffer.concat(Array.from({ length: megabytes }, () => part)));
}

async function build(
  { tags = ['v1'], on = registry }: { readonly tags?: readonly string[]; readonly on?: TestRegistry } = {},
  given: Partial<ImageContext> = {},
): Promise<{ readonly image: Image; readonly log: string }> {
  const { ports, log } = await imagePorts(on, { repository: REPOSITORY, ...given });
  const image = await prepareImage(buildRequest({ context, tags }), ports);
  return { image, log: log.join('\n') };
}

test('a large image is what the engine built, under all its tags', async () => {
  const { image, log } = await build({ tags: ['v1', 'latest'] });
  expect(log).toContain(`Uploading ${registry.host}/${REPOSITORY}:v1`);
  expect(log.match(/^[0-9a-f]{12}: Pushed$/gm)).toHaveLength(5);

  const built = docker('image', 'inspect', '--format', '{{.Id}}', `${registry.host}/${REPOSITORY}:v1`).output;
  docker('image', 'rm', '--force', built.trim());
  docker('login', '--username', registry.username, '--password', registry.password, registry.host);
  for (const name of [image.reference, `${registry.host}/${REPOSITORY}:latest`])
    expect(docker('pull', name)).toMatchObject({ status: 0 });
  expect(docker('image', 'inspect', '--format', '{{.Id}}', image.reference).output).toBe(built);
  const compared = docker(
    'run',
    '--rm',
    '--network=none',
    '--volume',
    `${context}:/given`,
    image.reference,
    ...COMPARE,
  );
  expect(compared).toEqual({ status: 0, output: 'same\n' });
});

const COMPARE = ['/bin/busybox', 'sh', '-c', 'busybox cmp /dependencies /given/dependencies && echo same'];

test('an image of which most is known to the registry is pushed by the engine', async () => {
  const first = await build();
  await write('app', 4);
  const second = await build({ tags: ['v2'] });
  expect(second.image.digest).not.toBe(first.image.digest);
  expect(second.log).toContain(`Pushing ${registry.host}/${REPOSITORY}:v2`);
});

test('a registry that takes only what the engine pushes gets it from the engine', async () => {
  const port = Number(registry.host.split(':')[1]);
  const proxy = createServer((asked, answer) => {
    if (asked.method === 'POST' && asked.headers['user-agent'] === 'node')
      return void answer.writeHead(405).end();
    const sent = forward({ port, method: asked.method, path: asked.url, headers: asked.headers });
    sent.on('response', (got) => got.pipe(answer.writeHead(got.statusCode ?? 500, got.headers)));
    asked.pipe(sent);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  const host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  try {
    const { image, log } = await build({ on: { ...registry, host } });
    expect(log).toContain(
      `ecs-ramp cannot upload the layers itself (The registry ${host} refuses write access to ${REPOSITORY} (HTTP 405).): the Docker engine pushes them.`,
    );
    expect(log).toContain(`Pushing ${host}/${REPOSITORY}:v1`);
    const { ports } = await imagePorts(registry, { repository: REPOSITORY });
    expect(await ports.registry.digestOf('v1')).toBe(image.digest);
  } finally {
    removeImages(`${host}/${REPOSITORY}`);
    proxy.close();
    proxy.closeAllConnections();
  }
});

test('a cancelled upload ends at once', async () => {
  const cancelled = new AbortController();
  const reason = new Error('cancelled');
  const say = (line: string): void => {
    if (line.startsWith('Uploading')) cancelled.abort(reason);
  };
  await expect(build({ tags: ['cancelled'] }, { signal: cancelled.signal, say })).rejects.toBe(reason);
  const { ports } = await imagePorts(registry, { repository: REPOSITORY });
  expect(await ports.registry.digestOf('cancelled')).toBeNull();
});
