import type { IncomingMessage } from 'node:http';
import { schemeOf } from './conditions.ts';

/**
 * Headers as Node's raw list (name, value, name, value), which keeps order, case and repetitions.
 */
export type RawHeaders = string[];

/**
 * Headers of the connection, not of the message. `transfer-encoding` is kept, because Node requires
 * it for a chunked body.
 */
const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
]);
const REPLACED = new Set(['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-port']);

/** The headers for the target: the client's headers, and the origin of the request. */
export function requestHeaders(request: IncomingMessage, port: number): RawHeaders {
  const { rawHeaders, headers, socket } = request;
  const dropped = namedByConnection(headers.connection);
  const sent = keep(rawHeaders, (name) => !HOP_BY_HOP.has(name) && !REPLACED.has(name) && !dropped.has(name));
  if (headers.host === undefined) sent.push('Host', 'localhost');
  const client = socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
  const before = headers['x-forwarded-for'];
  sent.push('X-Forwarded-For', before === undefined ? client : `${String(before)}, ${client}`);
  sent.push('X-Forwarded-Proto', schemeOf(request), 'X-Forwarded-Port', String(port));
  return sent;
}

export function responseHeaders(answer: IncomingMessage, cookies: readonly string[]): RawHeaders {
  const dropped = namedByConnection(answer.headers.connection);
  const sent = keep(
    answer.rawHeaders,
    (name) => name !== 'transfer-encoding' && !HOP_BY_HOP.has(name) && !dropped.has(name),
  );
  for (const cookie of cookies) sent.push('Set-Cookie', cookie);
  return sent;
}

function namedByConnection(connection: string | undefined): ReadonlySet<string> {
  return new Set(connection?.toLowerCase().split(/\s*,\s*/));
}

function keep(raw: readonly string[], wanted: (name: string) => boolean): RawHeaders {
  const kept: RawHeaders = [];
  for (let i = 0; i < raw.length; i += 2) {
    if (wanted(raw[i]!.toLowerCase())) kept.push(raw[i]!, raw[i + 1]!);
  }
  return kept;
}
