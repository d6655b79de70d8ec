import http from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Milliseconds } from '../../src/core/time/clock.ts';
import type { BalancerFailure, TargetGroupCounts } from './counts.ts';
import { requestHeaders, responseHeaders } from './headers.ts';
import { failureMessage, sendFailure } from './replies.ts';

/** The target of a request, and the callbacks for its result. */
export interface Route {
  readonly host: string;
  readonly port: number;
  readonly listenerPort: number;
  readonly agent: http.Agent;
  readonly idleTimeout: Milliseconds;
  readonly cookies: readonly string[];
  readonly counts: TargetGroupCounts;
  readonly failed: (status: BalancerFailure) => void;
  /** Called once, after the end of the request and its answer. */
  readonly ended: () => void;
}

/** Streams the request to the target and the answer back. */
export function forward(request: IncomingMessage, response: ServerResponse, route: Route): void {
  const upstream = ask(request, route, { agent: route.agent });
  const exchange = follow(upstream, route, (status) => sendFailure(response, status));

  upstream.on('response', (answer) => {
    try {
      response.writeHead(answer.statusCode!, answer.statusMessage, responseHeaders(answer, route.cookies));
    } catch (error) {
      // An answer that Node cannot forward is not HTTP and counts as no answer.
      upstream.destroy(new Error('the answer is not HTTP', { cause: error }));
      return;
    }
    exchange.answered(answer);
    answer.pipe(response);
    // An incomplete answer must not look complete to the client.
    answer.on('error', () => response.destroy());
  });
  upstream.on('error', () => {
    request.unpipe(upstream);
    request.resume();
  });
  response.on('close', () => {
    if (!response.writableFinished) exchange.abandon();
    route.ended();
  });

  if (hasBody(request)) request.pipe(upstream);
  else upstream.end();
}

/** Connects the two sockets after the target has accepted an upgrade, such as a WebSocket. */
export function forwardUpgrade(request: IncomingMessage, client: Duplex, head: Buffer, route: Route): void {
  const upgrade = ['Connection', 'Upgrade', 'Upgrade', request.headers.upgrade!];
  const upstream = ask(request, route, { agent: false, headers: upgrade });
  const exchange = follow(upstream, route, (status) => client.end(failureMessage(status)));

  upstream.on('upgrade', (answer, target, targetHead) => {
    exchange.answered(answer);
    target.setTimeout(route.idleTimeout, () => target.destroy());
    client.write(message(answer, [...responseHeaders(answer, route.cookies), ...upgrade]));
    client.write(targetHead);
    target.write(head);
    target.pipe(client).pipe(target);
    target.on('error', () => client.destroy());
    target.on('close', () => client.destroy());
    client.on('close', () => target.destroy());
  });
  upstream.on('response', (answer) => {
    exchange.answered(answer);
    client.write(message(answer, [...responseHeaders(answer, route.cookies), 'Connection', 'close']));
    answer.pipe(client);
    answer.on('error', () => client.destroy());
  });
  client.on('error', () => client.destroy());
  client.on('close', () => {
    exchange.abandon();
    route.ended();
  });
  upstream.end();
}

function ask(
  request: IncomingMessage,
  route: Route,
  { agent, headers = [] }: { agent: http.Agent | false; headers?: readonly string[] },
): http.ClientRequest {
  return http.request({
    host: route.host,
    port: route.port,
    method: request.method,
    path: request.url,
    headers: [...requestHeaders(request, route.listenerPort), ...headers],
    agent,
    timeout: route.idleTimeout,
  });
}

/**
 * Counts the request exactly once, however it ends, and answers the client when the target does
 * not.
 */
function follow(
  upstream: http.ClientRequest,
  { counts, failed }: Route,
  tell: (status: BalancerFailure) => void,
) {
  // Finer than the milliseconds of Clock, because fast targets answer within one millisecond.
  const start = performance.now();
  let connected = false;
  let settled = false;

  function settle(count: () => void): boolean {
    if (settled) return false;
    settled = true;
    count();
    return true;
  }

  function fail(status: BalancerFailure): void {
    const told = settle(() => {
      counts.unanswered(connected);
      failed(status);
    });
    if (told) tell(status);
  }

  upstream.on('socket', (socket) => {
    if (socket.connecting) socket.once('connect', () => (connected = true));
    else connected = true;
  });
  upstream.on('timeout', () => {
    fail(504);
    upstream.destroy();
  });
  upstream.on('error', () => fail(502));

  return {
    answered({ statusCode }: IncomingMessage): void {
      settle(() => counts.answered(statusCode!, (performance.now() - start) / 1_000));
    },
    /** The client has closed the connection. */
    abandon(): void {
      settle(() => counts.unanswered(true));
      upstream.destroy();
    },
  };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function message({ statusCode, statusMessage }: IncomingMessage, headers: readonly string[]): string {
  let text = `HTTP/1.1 ${statusCode} ${statusMessage}\r\n`;
  for (let i = 0; i < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return `${text}\r\n`;
}
