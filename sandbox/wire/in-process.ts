import { HttpResponse } from '@smithy/core/protocols';
import type { HttpRequest } from '@smithy/core/protocols';
import { gunzipSync } from 'node:zlib';
import type { Wire } from './dispatch.ts';

/**
 * A `requestHandler` for SDK clients that calls the wire without a socket: the same dispatch,
 * codecs and errors, but no network, so that a simulation controls the time.
 */
export function inProcess(wire: Wire): { handle(request: HttpRequest): Promise<{ response: HttpResponse }> } {
  return {
    async handle(request) {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
      );
      const body = bytes(request.body);
      const reply = await wire.answer({
        method: request.method,
        path: request.path,
        query: parameters(request.query),
        headers,
        body: headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body,
      });
      if (reply === 'dropped')
        throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
      const { status, headers: replyHeaders, body: replyBody } = reply;
      return {
        response: new HttpResponse({
          statusCode: status,
          headers: { ...replyHeaders },
          body: bytes(replyBody),
        }),
      };
    },
  };
}

/** The clients of these services send text or bytes, never a stream. */
function bytes(body: unknown): Uint8Array {
  // A view, because the SDK's byte type warns when it is read as text.
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return Buffer.from(typeof body === 'string' ? body : '');
}

function parameters(query: HttpRequest['query']): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {}))
    for (const one of [value].flat()) parameters.append(name, one ?? '');
  return parameters;
}
