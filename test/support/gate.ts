// A TCP proxy between a client and a server. A test can hold or cut its connections.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { portOf } from '../sandbox/balancer-rig.ts';

export interface Gate {
  /** Port on 127.0.0.1. */
  readonly port: number;
  /**
   * Resolves when a client sends data that matches `pattern`. From then on that connection is held:
   * the request does not reach the server or, with `answer`, the answer does not reach the client.
   */
  hold(pattern: RegExp, what?: 'request' | 'answer'): Promise<void>;
  /** Breaks all connections. New connections break at once. */
  cut(): void;
  /** Accepts connections again, and passes on what was held. */
  open(): void;
  close(): Promise<void>;
}

/** @param to a port on 127.0.0.1, or the path of a Unix socket */
export async function openGate(to: number | string): Promise<Gate> {
  const sockets = new Set<Socket>();
  let waiting: { pattern: RegExp; what: 'request' | 'answer'; matched: () => void } | null = null;
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
      if (waiting?.pattern.test(chunk.toString('latin1'))) {
        const [stopped, pass] =
          waiting.what === 'request' ? [client, () => target.write(chunk)] : [target, () => {}];
        waiting.matched();
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
    hold: (pattern, what = 'request') => new Promise((matched) => (waiting = { pattern, what, matched })),
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
