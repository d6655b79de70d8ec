// A server that refuses everything and repeats in its messages what it received: as a registry, and
// as a git server over HTTP.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface EchoingServer {
  /** For example `127.0.0.1:49152`. */
  readonly host: string;
  /** The logins that were refused, as `USERNAME:PASSWORD`. */
  readonly refused: readonly string[];
  close(): Promise<void>;
}

export async function startEchoingServer(): Promise<EchoingServer> {
  const refused: string[] = [];
  const server = createServer((request, response) => {
    const { authorization } = request.headers;
    if (authorization === undefined) return void response.writeHead(401, CHALLENGE).end();
    const login = Buffer.from(authorization.replace(/^basic /i, ''), 'base64').toString();
    refused.push(login);
    const message = `the login ${login} (${authorization}) is wrong`;
    if (request.url?.includes('service=git-')) refuseGit(request, response, message);
    else refuseRegistry(response, message);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    host: `127.0.0.1:${address.port}`,
    refused,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const CHALLENGE = { 'www-authenticate': 'Basic realm="test"' };

/** As the distribution API reports errors. */
function refuseRegistry(response: ServerResponse, message: string): void {
  response
    .writeHead(401, { ...CHALLENGE, 'content-type': 'application/json' })
    .end(JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message }] }));
}

/** As git's smart HTTP protocol reports errors: one packet, `ERR` and the message. */
function refuseGit(request: IncomingMessage, response: ServerResponse, message: string): void {
  const service = new URL(request.url ?? '/', 'http://localhost').searchParams.get('service') ?? '';
  response
    .writeHead(200, { 'content-type': `application/x-${service}-advertisement` })
    .end(`${packet(`# service=${service}\n`)}0000${packet(`ERR ${message}`)}`);
}

function packet(text: string): string {
  return `${(text.length + 4).toString(16).padStart(4, '0')}${text}`;
}
