import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { eachLine } from '../../../src/core/lines.ts';

async function linesOf(...chunks: readonly (string | Buffer)[]): Promise<string[]> {
  const stream = new PassThrough();
  const lines: string[] = [];
  eachLine(stream, (line) => lines.push(line));
  const ended = new Promise((resolve) => stream.on('end', resolve));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await ended;
  return lines;
}

test('lines are told as they were printed, in whatever parts they arrive', async () => {
  const two = Buffer.from('é');
  expect(await linesOf('one\r\ntw', 'o\n\nthr', two.subarray(0, 1), two.subarray(1), 'e')).toEqual([
    'one',
    'two',
    '',
    'thrée',
  ]);
  expect(await linesOf('')).toEqual([]);
});

test('a line without an end is cut, and its rest is not stored', async () => {
  const block = 'x'.repeat(65_536);
  const lines = await linesOf(...Array.from({ length: 200 }, () => block), '\nnext\n');
  expect(lines.map((line) => line.length)).toEqual([10_000, 4]);
  expect(lines[0]!.endsWith('…')).toBe(true);
});
