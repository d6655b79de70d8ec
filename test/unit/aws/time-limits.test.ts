import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSilentServer, type Socket } from 'node:net';
import { ListServicesCommand } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createClients, TIME_LIMITS } from '../../../src/aws/clients.ts';
import { mayPass } from '../../../src/aws/errors.ts';
import { SECOND } from '../../../src/core/time/clock.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function portOf(server: { address(): unknown }): Promise<number> {
  const address = server.address();
  if (typeof address !== 'object' || address === null || !('port' in address)) throw new Error('no port');
  return Number(address.port);
}

/** Calls a server and returns the error. */
async function callTo(server: Server | ReturnType<typeof createSilentServer>, maxAttempts = 1) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const clients = createClients({
    region: 'eu-west-1',
    version: 'test',
    timeLimits: { connection: 100, answer: 30 },
    overrides: {
      endpoint: `http://127.0.0.1:${await portOf(server)}`,
      credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
      maxAttempts,
    },
  });
  const ecs = await clients.ecs();
  closers.push(() => ecs.destroy());
  return ecs.send(new ListServicesCommand({})).then(
    () => null,
    (error: unknown) => error,
  );
}

/** A server that accepts connections and never answers. */
function mute() {
  const sockets = new Set<Socket>();
  const server = createSilentServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { server, sockets };
}

function answering(listener: RequestListener): Server {
  const server = createServer(listener);
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return server;
}

describe('a connection that neither answers nor breaks', () => {
  test('is given up, as something that may pass, and told in a line', async () => {
    const error = await callTo(mute().server);
    expect(error).toMatchObject({ cause: { name: 'TimeoutError' } });
    expect(mayPass(error)).toBe(true);
    expect(error).toMatchObject({ message: expect.stringContaining('AWS did not answer') });
  });

  test('is tried again, on another connection', async () => {
    const { server, sockets } = mute();
    expect(await callTo(server, 3)).toMatchObject({
      cause: { name: 'TimeoutError', $metadata: { attempts: 3 } },
    });
    expect(sockets.size).toBe(3);
  });

  test('is given up in the middle of an answer too', async () => {
    const stalling = answering((_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': '1000' });
      response.write('{"serviceArns":[');
    });
    const error = await callTo(stalling);
    expect(error).toMatchObject({ cause: { name: 'TimeoutError' } });
    expect(mayPass(error)).toBe(true);
  });
});

test('all tries together end before a rollout is given up as unseen', () => {
  const tries = 6;
  expect(tries * (TIME_LIMITS.connection + TIME_LIMITS.answer)).toBeLessThan(150 * SECOND);
});
