import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { portOf } from '../sandbox/balancer-rig.ts';

/** Stands between a client and a server, and passes on every byte until a test has it hold or cut them. */
export interface Gate {
  /** Of 127.0.0.1. */
  readonly port: number;
  /**
   * Resolves when a client says something that matches. That connection is held from then on: the request does not reach the
   * server, or (`answer`) its answer does not reach the client.
   */
  hold(said: RegExp, what?: 'request' | 'answer'): Promise<void>;
  /** Breaks every connection, and new ones at once. */
  cut(): void;
  /** Lets everything pass, also what was held. */
  open(): void;
  close(): Promise<void>;
}

/** `to`: a port of 127.0.0.1, or the path of a socket. */
export async function openGate(to: number | string): Promise<Gate> {
  const sockets = new Set<Socket>();
  let waiting: { said: RegExp; what: 'request' | 'answer'; met: () => void } | null = null;
  let held: (() => void)[] = [];
  let isCut = false;

  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (isCut) return void client.destroy();
    const target = typeof to === 'string' ? connect(to) : connect(to, '127.0.0.1');
    target.allowHalfOpen = true;
    for (const [from, other] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(from);
      from.on('close', () => {
        sockets.delete(from);
        other.destroy();
      });
      from.on('error', () => {});
    }
    client.on('data', (chunk) => {
      if (waiting?.said.test(chunk.toString('latin1'))) {
        const [stopped, pass] =
          waiting.what === 'request' ? [client, () => target.write(chunk)] : [target, () => {}];
        waiting.met();
        waiting = null;
        stopped.pause();
        held.push(() => {
          pass();
          stopped.resume();
        });
        if (stopped === client) return;
      }
      target.write(chunk);
    });
    client.on('end', () => target.end());
    target.pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: portOf(server),
    hold: (said, what = 'request') => new Promise((met) => (waiting = { said, what, met })),
    cut,
    open() {
      isCut = false;
      for (const pass of held.splice(0)) pass();
    },
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
