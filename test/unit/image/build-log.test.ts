import { expect, test } from '@jest/globals';
import { BuildLog } from '../../../src/image/build-log.ts';
import { encodeMessage } from '../../../src/image/session/protobuf.ts';
import { decodeTrace } from '../../../src/image/trace.ts';

/** As BuildKit sends it: seconds since 1970. */
const at = (seconds: number) =>
  encodeMessage([
    [1, Math.floor(seconds)],
    [2, Math.round((seconds % 1) * 1e9)],
  ]);

interface Said {
  readonly digest: string;
  readonly name: string;
  readonly started?: number;
  readonly completed?: number;
  readonly cached?: boolean;
  readonly error?: string;
}

function vertex({ digest, name, started, completed, cached, error }: Said): Buffer {
  return encodeMessage([
    [1, digest],
    [3, name],
    [4, cached ? 1 : 0],
    [5, started === undefined ? null : at(started)],
    [6, completed === undefined ? null : at(completed)],
    [7, error ?? null],
  ]);
}

function output(digest: string, text: string | Buffer): Buffer {
  return encodeMessage([
    [1, digest],
    [4, text],
  ]);
}

function logOf(...parts: readonly (readonly [field: 1 | 3, Buffer])[]): { log: BuildLog; said: string[] } {
  const said: string[] = [];
  const log = new BuildLog({
    say: (line) => said.push(line),
    redact: (text) => text.replaceAll('hunter2', '***'),
  });
  for (const [field, bytes] of parts) log.add(decodeTrace(encodeMessage([[field, bytes]])));
  return { log, said };
}

const RUN = { digest: 'sha256:run', name: '[2/2] RUN make', started: 100 };

test('a step is told when it begins, line by line, and when it ends, with its time', () => {
  const euro = Buffer.from('€');
  const { log, said } = logOf(
    [1, vertex({ digest: 'sha256:run', name: '[2/2] RUN make' })],
    [1, vertex(RUN)],
    [3, output('sha256:run', 'first\nsec')],
    [3, output('sha256:run', Buffer.concat([Buffer.from('ond '), euro.subarray(0, 1)]))],
    [3, output('sha256:run', Buffer.concat([euro.subarray(1), Buffer.from('\n10%\r100%\r\nend')]))],
    [1, vertex({ ...RUN, completed: 101.5 })],
    [1, vertex({ ...RUN, completed: 101.5 })],
  );
  expect(said).toEqual([
    '#1 [2/2] RUN make',
    '#1 first',
    '#1 second €',
    '#1 100%',
    '#1 end',
    '#1 done in 1.5 s',
  ]);
  expect(log.steps()).toEqual([{ name: '[2/2] RUN make', took: 1500, cached: false }]);
});

test('a cached step is told as CACHED, and steps of BuildKit itself are no steps of the Dockerfile', () => {
  const { log, said } = logOf(
    [1, vertex({ digest: 'a', name: '[internal] load build context', started: 1, completed: 2 })],
    [1, vertex({ digest: 'b', name: '[1/2] FROM base', started: 2, completed: 2, cached: true })],
  );
  expect(said.at(-1)).toBe('#2 CACHED');
  expect(log.steps()).toEqual([{ name: '[1/2] FROM base', took: 0, cached: true }]);
});

test('of several steps that ended with an error, the one failed that the engine speaks of', () => {
  const { log } = logOf(
    [
      1,
      vertex({ digest: 'a', name: '[a 1/1] RUN sleep', started: 1, completed: 2, error: 'context canceled' }),
    ],
    [1, vertex({ digest: 'b', name: '[b 1/1] RUN false', started: 1 })],
    [3, output('b', Array.from({ length: 30 }, (_, line) => `${line}\n`).join(''))],
    [1, vertex({ digest: 'b', name: '[b 1/1] RUN false', started: 1, completed: 2, error: 'exit code: 1' })],
  );
  const failed = log.failed('failed to solve: exit code: 1');
  expect(failed?.name).toBe('[b 1/1] RUN false');
  expect(failed?.lastLines).toEqual(Array.from({ length: 20 }, (_, line) => String(line + 10)));
  expect(log.failed('no such frontend')).toBeNull();
});

test('what runs is told with its time and how far it is', () => {
  const { log } = logOf([1, vertex(RUN)]);
  const status = encodeMessage([
    [1, 'transferring context:'],
    [2, 'sha256:run'],
    [4, 12_300_000],
  ]);
  log.add(decodeTrace(encodeMessage([[2, status]])));
  expect(log.running(145_000)).toBe(
    'Still running: #1 [2/2] RUN make for 45.0 s (transferring context: 12.3 MB).',
  );
});

test('a secret is neither said nor kept, wherever it stands', () => {
  const { log, said } = logOf(
    [1, vertex({ ...RUN, name: '[2/2] RUN login hunter2' })],
    [3, output('sha256:run', 'it is hunt')],
    [3, output('sha256:run', 'er2\n')],
    [1, vertex({ ...RUN, name: '[2/2] RUN login hunter2', completed: 101, error: 'not hunter2' })],
  );
  expect(said).toEqual(['#1 [2/2] RUN login ***', '#1 it is ***', '#1 ERROR not ***']);
  expect(log.steps()[0]?.name).toBe('[2/2] RUN login ***');
  expect(log.failed('solving: not ***')).toEqual({
    name: '[2/2] RUN login ***',
    error: 'not ***',
    lastLines: ['it is ***'],
  });
});
