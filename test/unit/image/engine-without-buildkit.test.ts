// Engines that do not open a session for a build: Podman, an old engine, a proxy before the socket.
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import Docker from 'dockerode';
import { UserError } from '../../../src/core/failure.ts';
import { prepareImage } from '../../../src/image/image.ts';
import { systemClock } from '../../../src/core/time/clock.ts';
import { emptyRegistry } from '../../support/empty-registry.ts';
import { buildRequest } from '../../support/image-ports.ts';

interface Engine {
  /** The status and the body of the answer to POST /session. */
  readonly session: readonly [status: number, body: string];
  readonly version?: object;
}

const nothing = (): void => undefined;

/** What a build with the engine rejects with. */
async function refusalOf({ session: [status, body], version }: Engine): Promise<unknown> {
  const engine = createServer((request, response) => {
    if (request.url?.endsWith('/_ping')) return void response.end('OK');
    if (request.url?.endsWith('/session')) return void response.writeHead(status).end(body);
    if (version && request.url?.endsWith('/version')) return void response.end(JSON.stringify(version));
    response.writeHead(404).end();
  });
  const folder = await mkdtemp(join(tmpdir(), 'ecs-ramp-engine-'));
  const socketPath = join(folder, 'engine.sock');
  engine.listen(socketPath);
  await once(engine, 'listening');
  await writeFile(join(folder, 'Dockerfile'), 'FROM scratch');
  try {
    return await prepareImage(buildRequest({ context: folder }), {
      docker: () => Promise.resolve(new Docker({ socketPath })),
      env: {},
      registry: emptyRegistry,
      source: { commit: null, repositoryUrl: null, committedAt: null, runUrl: null, actor: null },
      clock: systemClock,
      say: nothing,
      group: nothing,
      endGroup: nothing,
      tell: nothing,
      mask: nothing,
      signal: new AbortController().signal,
    }).catch((error: unknown) => error);
  } finally {
    engine.close();
    engine.closeAllConnections();
    await rm(folder, { recursive: true });
  }
}

test('Podman is named, with what to do instead', async () => {
  const error = await refusalOf({
    session: [404, 'Not Found'],
    version: { Version: '4.3.1', Components: [{ Name: 'Podman Engine', Version: '4.3.1' }] },
  });
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({
    message: expect.stringMatching(
      /^The engine at unix:\/\/\S+ is Podman 4\.3\.1, which has no BuildKit: build and push the image with podman and give it as `image`, or set DOCKER_HOST to a Docker engine\.$/,
    ),
  });
});

test.each<[string, Engine, RegExp]>([
  [
    'an engine without BuildKit',
    { session: [404, '{"message":"page not found"}'], version: { Version: '18.06.3-ce' } },
    /^The Docker engine at unix:\S+ does not open a session for the build \(page not found\): its version is 18\.06\.3-ce\. BuildKit requires 18\.09 or later\.$/,
  ],
  [
    'a proxy before the socket that refuses the request',
    { session: [403, '<html><body><h1>403 Forbidden</h1></body></html>'] },
    /^The Docker engine at unix:\S+ refuses the session for the build \(HTTP 403\): .*POST \/session, \/build and \/images/,
  ],
  [
    'an engine that answers without opening a session',
    { session: [200, 'OK'], version: { Version: '18.06.3-ce' } },
    /^The Docker engine at unix:\S+ does not open a session for the build/,
  ],
])('%s is a mistake with its fix', async (_, engine, message) => {
  const error = await refusalOf(engine);
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({ message: expect.stringMatching(message) });
});
