import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { control } from './control.ts';
import type { WireReply, WireRequest } from './message.ts';
import type { Wire } from './dispatch.ts';

/**
 * Serves the wire and `/_sandbox/` on a loopback port; 0 for any free port. Rejects when the port
 * is in use.
 */
export async function listen(
  wire: Wire,
  port: number,
): Promise<{ readonly endpoint: string; close(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    serve(wire, incoming, outgoing).catch((error: unknown) => {
      outgoing.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((error: unknown) => {
    throw new Error(
      `Port ${port} cannot be opened (${String(error)}). Choose another port, or 0 for any free port.`,
    );
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The sandbox has no port.');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(wire: Wire, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const request = await read(incoming);
  const reply = request.path.startsWith('/_sandbox/') ? control(wire, request) : await wire.answer(request);
  if (reply === 'dropped') incoming.socket.destroy();
  else send(reply, outgoing);
}

async function read(incoming: IncomingMessage): Promise<WireRequest> {
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://sandbox');
  const raw = await buffer(incoming);
  return {
    method: incoming.method ?? 'GET',
    path: pathname,
    query: searchParams,
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, value?.toString()]),
    ),
    body: incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw,
  };
}

function send({ status, headers, body }: WireReply, outgoing: ServerResponse): void {
  outgoing.writeHead(status, headers).end(body);
}
