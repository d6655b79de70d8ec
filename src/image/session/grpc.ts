import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { finished } from 'node:stream/promises';
import { errorText } from '../../core/failure.ts';

/** A gRPC server for one HTTP/2 stream: frames, status and metadata, without a gRPC library. */

/** The gRPC status codes that a session returns. */
export const grpcStatus = { unknown: 2, notFound: 5, unimplemented: 12 } as const;

/** Thrown by a method to refuse a call with a status code. */
export class GrpcError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = 'GrpcError';
    this.code = code;
  }
}

export interface Call {
  /** The messages of the request, in order; ends when the caller has sent all. */
  readonly messages: AsyncIterable<Buffer>;
  /** Resolves when the next message can be sent. Rejects when the caller has closed the stream. */
  send(message: Uint8Array): Promise<void>;
  /** All values of a metadata key; repeated headers are separate values. */
  metadata(key: string): string[];
  /** True after the caller has closed the stream. */
  closed(): boolean;
}

/** A method of a service: sends the answer of a call, or throws to refuse it. */
export type Method = (call: Call) => Promise<void>;

/** A method with one request and one reply. */
export function unary(reply: (request: Buffer) => Uint8Array | Promise<Uint8Array>): Method {
  return async (call) => {
    for await (const request of call.messages) return call.send(await reply(request));
    throw new GrpcError(grpcStatus.unknown, 'The call had no message.');
  };
}

/**
 * Answers the stream with the method at its path. Never rejects: errors of the method are sent to
 * the caller.
 */
export async function answerCall(
  incoming: {
    readonly stream: ServerHttp2Stream;
    readonly headers: IncomingHttpHeaders;
    readonly rawHeaders: readonly string[];
  },
  methods: ReadonlyMap<string, Method>,
): Promise<void> {
  const { stream } = incoming;
  // The caller may close the stream at any time; then `send` and `messages` reject.
  stream.on('error', () => undefined);
  let trailers: Record<string, string> = { 'grpc-status': '0' };
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  try {
    const path = incoming.headers[':path'] ?? '';
    const method = methods.get(path);
    if (!method) throw new GrpcError(grpcStatus.unimplemented, `This session has no ${path}.`);
    await method({
      messages: readFrames(stream),
      send: (message) => writeFrame(stream, message),
      metadata: (key) => headerValues(incoming.rawHeaders, key),
      closed: () => stream.destroyed || stream.closed,
    });
  } catch (problem) {
    const message = errorText(problem);
    const code = problem instanceof GrpcError ? problem.code : grpcStatus.unknown;
    trailers = { 'grpc-status': String(code), 'grpc-message': encodeURIComponent(message) };
  }
  if (!stream.destroyed) stream.end();
  stream.resume();
  // A caller may close the stream before the last byte.
  await finished(stream, { readable: false }).catch(() => undefined);
}

/** A frame: one byte of flags (0: not compressed), four bytes of length, the message. */
const FRAME_HEADER = 5;
/** Four times the default limit of gRPC. */
const LONGEST_FRAME = 16 * 1024 * 1024;

async function* readFrames(stream: ServerHttp2Stream): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = [];
  let length = 0;
  // A method that leaves the loop early must not cancel the call.
  for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length < FRAME_HEADER) continue;
    let buffer = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    if (buffer.readUInt32BE(1) > LONGEST_FRAME)
      throw new GrpcError(grpcStatus.unknown, 'A message is too long.');
    while (buffer.length >= FRAME_HEADER && buffer.length >= FRAME_HEADER + buffer.readUInt32BE(1)) {
      const end = FRAME_HEADER + buffer.readUInt32BE(1);
      yield buffer.subarray(FRAME_HEADER, end);
      buffer = buffer.subarray(end);
    }
    chunks = [buffer];
    length = buffer.length;
  }
}

function writeFrame(stream: ServerHttp2Stream, message: Uint8Array): Promise<void> {
  const frame = Buffer.allocUnsafe(FRAME_HEADER + message.length);
  frame.writeUInt8(0, 0);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, FRAME_HEADER);
  if (stream.writableCorked === 0) {
    stream.cork();
    setImmediate(() => stream.uncork());
  }
  return new Promise((resolve, reject) => {
    const room = stream.write(frame, (problem) => (problem ? reject(problem) : resolve()));
    if (room) resolve();
  });
}

function headerValues(rawHeaders: readonly string[], key: string): string[] {
  const values = rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1] === key);
  // Node decodes headers as latin1; engines from before 2023 send UTF-8.
  return values.map((value) => Buffer.from(value, 'latin1').toString());
}
