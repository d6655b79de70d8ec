// A forward proxy: tunnels by CONNECT, and requests with a whole URL.
import { once } from 'node:events';
import http from 'node:http';
import { connect } from 'node:net';

export interface ProxyServer {
  /** With user and password. */
  readonly url: string;
  /** `CONNECT host:443` or `GET http://host/path`, in order, with the credentials that were sent. */
  readonly requests: readonly { readonly line: string; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

/** `hosts` gives the local port that stands for a host name. Other hosts get 502. */
export async function startProxyServer(hosts: ReadonlyMap<string, number>): Promise<ProxyServer> {
  const requests: { line: string; authorization: string | undefined }[] = [];
  const server = http.createServer((request, response) => {
    const url = URL.parse(request.url ?? '');
    requests.push({
      line: `${request.method} ${url?.origin}`,
      authorization: request.headers['proxy-authorization'],
    });
    const port = hosts.get(url?.hostname ?? '');
    if (url === null || port === undefined) return void response.writeHead(502).end();
    const forwarded = http.request(
      {
        host: '127.0.0.1',
        port,
        path: `${url.pathname}${url.search}`,
        method: request.method,
        headers: request.headers,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    );
    forwarded.on('error', () => response.destroy());
    request.pipe(forwarded);
  });
  server.on('connect', (request: http.IncomingMessage, socket) => {
    requests.push({
      line: `CONNECT ${request.url}`,
      authorization: request.headers['proxy-authorization'],
    });
    const port = hosts.get(request.url?.replace(/:\d+$/, '') ?? '');
    socket.on('error', () => {});
    if (port === undefined) return void socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    const target = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://user:pr0xy%2Dpa55@127.0.0.1:${address.port}`,
    requests,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
