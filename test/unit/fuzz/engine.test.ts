import http2 from 'node:http2';
import { duplexPair } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { BuildLog } from '../../../src/image/build-log.ts';
import { PathPatterns } from '../../../src/image/context/patterns.ts';
import { lineOfStep, parseDockerfile } from '../../../src/image/dockerfile.ts';
import { answerCall, unary } from '../../../src/image/session/grpc.ts';
import { encodeMessage, Message } from '../../../src/image/session/protobuf.ts';
import { decodeTrace } from '../../../src/image/trace.ts';
import { fuzzing, nastyText } from '../../support/fuzzing.ts';

const bytes = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));

describe('what the engine sends', () => {
  const vertex = fc
    .record({ digest: nastyText, name: nastyText, error: nastyText, started: bytes, completed: bytes })
    .map(({ digest, name, error, started, completed }) =>
      encodeMessage([
        [1, digest],
        [3, name],
        [5, started],
        [6, completed],
        [7, error],
      ]),
    );
  const trace = fc.oneof(
    bytes,
    fc
      .tuple(fc.array(vertex), bytes)
      .map(([vertexes, log]) =>
        encodeMessage([...vertexes.map((vertex) => [1, vertex] as const), [2, log], [3, log]]),
      ),
  );

  test('any bytes are a trace that can be told: the log of a build never ends it', () => {
    fc.assert(
      fc.property(fc.array(trace, { maxLength: 5 }), (traces) => {
        const said: string[] = [];
        const log = new BuildLog({ say: (line) => said.push(line), redact: (text) => text });
        for (const bytes of traces) log.add(decodeTrace(bytes));
        said.push(log.running(0));
        log.steps();
        expect(said.join('\n')).not.toMatch(/NaN|undefined/);
      }),
      fuzzing(500),
    );
  });

  test('a length that no message can have is a RangeError, at once', () => {
    const long = Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);
    expect(() => new Message(long)).toThrow(RangeError);
  });

  test('a build that prints without an end of line is not kept in memory for ever', () => {
    let longest = 0;
    const log = new BuildLog({
      say: (line) => (longest = Math.max(longest, line.length)),
      redact: (text) => text,
    });
    const vertexes = [{ digest: 'a', name: 'RUN', cached: false, started: 1, completed: null, error: '' }];
    log.add({ vertexes, statuses: [], logs: [] });
    const text = Buffer.alloc(1 << 20, 'x');
    for (let megabytes = 0; megabytes < 32; megabytes++)
      log.add({ vertexes: [], statuses: [], logs: [{ vertex: 'a', text }] });
    expect(longest).toBeGreaterThan(0);
    expect(longest).toBeLessThan(2 << 20);
  });
});

/** The status that a call ends with, of a method that reads one message and sends it back. */
async function statusOf(body: Buffer): Promise<string> {
  const [near, far] = duplexPair();
  const server = http2.performServerHandshake(near);
  server.on('error', () => undefined);
  server.on('stream', (stream, headers, _flags, rawHeaders: string[]) => {
    const echo = unary((request) => encodeMessage([[1, new Message(request).string(1)]]));
    void answerCall({ stream, headers, rawHeaders }, new Map([['/echo', echo]]));
  });
  const client = http2.connect('http://engine', { createConnection: () => far });
  client.on('error', () => undefined);
  try {
    return await new Promise((resolve, reject) => {
      const call = client.request({ ':method': 'POST', ':path': '/echo' }, { endStream: false });
      call.on('trailers', (trailers) => resolve(String(trailers['grpc-status'])));
      call.on('error', reject);
      call.resume();
      call.end(body);
    });
  } finally {
    client.destroy();
    server.destroy();
  }
}

describe('calls of the engine', () => {
  test('any bytes are answered with a status, and none makes it wait or fall', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (body) => {
        expect(await statusOf(body)).toMatch(/^\d+$/);
      }),
      fuzzing(60),
    );
  });

  test('a frame that is longer than any message is refused before it is read', async () => {
    const header = Buffer.alloc(5);
    header.writeUInt32BE(0xffff_ffff, 1);
    const [near, far] = duplexPair();
    const server = http2.performServerHandshake(near);
    server.on('error', () => undefined);
    server.on('stream', (stream, headers, _flags, rawHeaders: string[]) => {
      void answerCall({ stream, headers, rawHeaders }, new Map([['/echo', unary((request) => request)]]));
    });
    const client = http2.connect('http://engine', { createConnection: () => far });
    client.on('error', () => undefined);
    const call = client.request({ ':method': 'POST', ':path': '/echo' }, { endStream: false });
    const status = new Promise((resolve) =>
      call.on('trailers', (trailers) => resolve(trailers['grpc-status'])),
    );
    call.resume();
    // The caller does not end: it would go on for four gigabytes.
    call.write(header);
    expect(await status).toBe('2');
    client.destroy();
    server.destroy();
  });
});

describe('files of the user', () => {
  test('any lines are a .dockerignore that can be asked, or malformed in words', () => {
    const pattern = fc.oneof(
      nastyText,
      fc.stringMatching(/^!?[a-c/*?.[\]\\^-]{0,12}$/),
      fc.constantFrom('!../secret', '../../**', '!/..', '**/..', '!'),
    );
    const path = fc.stringMatching(/^[a-c]{1,4}(\/[a-c.]{1,4}){0,4}$/);
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 6 }), path, (lines, path) => {
        try {
          const patterns = new PathPatterns(lines);
          const { matched } = patterns.match(path, null);
          patterns.mayMatchUnder(path, 'reincluding');
          expect(typeof matched).toBe('boolean');
        } catch (error) {
          if (!(error instanceof Error)) throw error;
          expect(error.message).toContain('.dockerignore');
        }
      }),
      fuzzing(800),
    );
  });

  test('directories of any depth, said many times, do not take for ever', () => {
    const began = performance.now();
    new PathPatterns(['**/'.repeat(12) + 'x']).match('a/'.repeat(30) + 'a'.repeat(60), null);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  test('any text is a Dockerfile in which a step can be looked for', () => {
    const line = fc.oneof(
      nastyText,
      fc.constantFrom(
        'FROM a AS b',
        'RUN <<EOF',
        'EOF',
        'RUN x \\',
        '# escape=`',
        'COPY --from=b . .',
        'ONBUILD RUN x',
        'FROM',
      ),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), nastyText, (lines, name) => {
        const stages = parseDockerfile(lines.join('\n'));
        for (const step of [name, '[b 1/2] RUN x', '[stage-1 99/2] COPY', '[internal] load metadata for a'])
          expect(lineOfStep(stages, step) ?? 1).toBeLessThanOrEqual(lines.join('\n').split('\n').length);
      }),
      fuzzing(400),
    );
  });
});
