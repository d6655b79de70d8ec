import { createHash, randomUUID } from 'node:crypto';
import http2 from 'node:http2';
import type { Engine } from '../engine.ts';
import { answerCall, unary, type Method } from './grpc.ts';
import { encodeMessage } from './protobuf.ts';

/** A BuildKit session: the engine calls back through it for files, credentials and secrets while it builds. */
export interface BuildSession {
  readonly id: string;
  close(): void;
}

const SERVING = 1;
const health: Method = unary(() => encodeMessage([[1, SERVING]]));

/** `methods`: path (`/package.Service/Method`) to method. */
export async function openSession(options: {
  readonly engine: Engine;
  /** Where the files come from: of the same place, the engine keeps what it has and asks for what changed. */
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
  // The engine asks every few seconds whether the session lives, and ends it when nobody answers.
  const all = new Map([...methods, ['/grpc.health.v1.Health/Check', health]]);
  const server = http2.performServerHandshake(socket);
  server.on('stream', (stream, headers, _flags, rawHeaders: string[]) => {
    void answerCall({ stream, headers, rawHeaders }, all);
  });
  // The end of the connection ends the build, which then says why.
  server.on('error', () => undefined);
  return {
    id,
    close() {
      server.destroy();
      socket.destroy();
    },
  };
}
