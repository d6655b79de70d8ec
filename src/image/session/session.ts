import { createHash, randomUUID } from 'node:crypto';
import http2 from 'node:http2';
import type { Engine } from '../engine.ts';
import { answerCall, unary, type Method } from './grpc.ts';
import { encodeMessage } from './protobuf.ts';

/**
 * A BuildKit session, through which the engine requests files, credentials and secrets during a
 * build.
 */
export interface BuildSession {
  readonly id: string;
  close(): void;
}

const SERVING = 1;
const health: Method = unary(() => encodeMessage([[1, SERVING]]));

/** `methods`: path (`/package.Service/Method`) to method. */
export async function openSession(options: {
  readonly engine: Engine;
  /**
   * Identifies the source of the files: the engine requests only files that changed since the last
   * build from it.
   */
  readonly place: string;
  readonly methods: ReadonlyMap<string, Method>;
}): Promise<BuildSession> {
  const { engine, place, methods } = options;
  const id = randomUUID();
  const socket = await engine.upgrade('/session', {
    Upgrade: 'h2c',
    'X-Docker-Expose-Session-Uuid': id,
    'X-Docker-Expose-Session-Name': 'ecs-ramp',
    'X-Docker-Expose-Session-Sharedkey': createHash('sha256').update(place).digest('hex'),
    'X-Docker-Expose-Session-Grpc-Method': [...methods.keys()],
  });
  // The engine checks every few seconds whether the session is alive, and ends it without an
  // answer.
  const all = new Map([...methods, ['/grpc.health.v1.Health/Check', health]]);
  const server = http2.performServerHandshake(socket);
  server.on('stream', (stream, headers, _flags, rawHeaders: string[]) => {
    void answerCall({ stream, headers, rawHeaders }, all);
  });
  // The end of the connection ends the build, which then reports the reason.
  server.on('error', () => undefined);
  return {
    id,
    close() {
      server.destroy();
      socket.destroy();
    },
  };
}
