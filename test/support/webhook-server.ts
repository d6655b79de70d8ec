// A server that receives webhook notifications.
import { once } from 'node:events';
import { createServer } from 'node:http';

export interface WebhookServer {
  readonly url: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read any member
  readonly received: readonly any[];
  /** Called for each request before the answer is sent. */
  onReceive: (() => void) | null;
  /** If set, every answer is 403 with this text. `url`: the path and the query of the request. */
  refuse: ((request: { readonly url: string }) => string) | null;
  /** Sets the statuses of the next answers. Later answers are 200. */
  answerWith(...statuses: readonly number[]): void;
  close(): Promise<void>;
}

export async function startWebhookServer(): Promise<WebhookServer> {
  const received: unknown[] = [];
  let statuses: readonly number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [status = 200, ...later] = statuses;
      statuses = later;
      received.push(JSON.parse(Buffer.concat(chunks).toString()));
      webhook.onReceive?.();
      if (webhook.refuse)
        return void response.writeHead(403).end(webhook.refuse({ url: request.url ?? '/' }));
      response.writeHead(status, { location: 'http://elsewhere.example.com/' }).end('ok');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const webhook: WebhookServer = {
    onReceive: null,
    refuse: null,
    url: `http://127.0.0.1:${address.port}/services/s3cr3t`,
    received,
    answerWith(...next) {
      statuses = next;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return webhook;
}
