import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';

/** Serves an HTTP server of this machine as HTTPS, under a path of the URL such as `/api/v3`. */
export async function httpsFront(options: {
  readonly certificate: { readonly cert: string; readonly private: string };
  readonly port: number;
  readonly basePath?: string;
}): Promise<{ readonly port: number; close(): Promise<void> }> {
  const { certificate, port, basePath = '' } = options;
  const server = https.createServer(
    { cert: certificate.cert, key: certificate.private },
    (request, response) => {
      const url = request.url ?? '';
      if (!url.startsWith(basePath)) return void response.writeHead(404).end();
      const { method, headers } = request;
      const path = url.slice(basePath.length);
      const forwarded = http.request({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      forwarded.on('error', () => response.destroy());
      request.pipe(forwarded);
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
