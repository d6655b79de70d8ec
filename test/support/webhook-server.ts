import { once } from 'node:events';
import { createServer } from 'node:http';

/** A service that is told things. */
export interface WebhookServer {
  readonly url: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test looks into it as it likes
  readonly told: readonly any[];
  /** Called before it answers. */
  onTold: (() => void) | null;
  /** Statuses of the next answers; 200 after them. */
  answerWith(...statuses: readonly number[]): void;
  close(): Promise<void>;
}

export async function startWebhookServer(): Promise<WebhookServer> {
  const told: unknown[] = [];
  let statuses: readonly number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [status = 200, ...later] = statuses;
      statuses = later;
      told.push(JSON.parse(Buffer.concat(chunks).toString()));
      webhook.onTold?.();
      response.writeHead(status, { location: 'http://elsewhere.example.com/' }).end('ok');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const webhook: WebhookServer = {
    onTold: null,
    url: `http://127.0.0.1:${address.port}/services/s3cr3t`,
    told,
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
