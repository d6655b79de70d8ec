import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../src/judge/judge.ts';
import { failing, invent } from '../judge/invented.ts';
import { call } from './calls.ts';

const bad = invent({ minutes: 12, canary: failing(30) });
const good = invent({ minutes: 12 });
const files = { 'bad.json': JSON.stringify(bad), 'good.json': JSON.stringify(good) };

describe('judge FILE', () => {
  test('prints the verdict as JSON', async () => {
    for (const [file, recording] of [
      ['bad.json', bad],
      ['good.json', good],
    ] as const) {
      const { code, stdout, stderr } = await call(['judge', file], { files });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(JSON.parse(stdout)).toEqual(judge(recording));
    }
  });

  test('reads stdin as -', async () => {
    const { stdout } = await call(['judge', '-'], { files: { '-': files['bad.json'] } });
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'rollback' });
  });

  test('prints infinite evidence as 1e308, because JSON has no infinity', async () => {
    const everythingFails = invent({ minutes: 60, canary: failing(300) });
    const { stdout } = await call(['judge', '-'], { files: { '-': JSON.stringify(everythingFails) } });
    const printed: { evidence: { total: number }[] } = JSON.parse(stdout);
    expect(printed.evidence.at(-1)?.total).toBe(1e308);
  });

  test('overrides settings of the recording with those of the command line', async () => {
    const { stdout } = await call(['judge', 'bad.json', '--warm-up', '12m'], { files });
    expect(JSON.parse(stdout)).toEqual(judge({ ...bad, settings: { ...bad.settings, warmUp: 12 } }));
  });

  test('exits with 3 for a rollback if --exit-code is given, and with 0 otherwise', async () => {
    expect((await call(['judge', 'bad.json', '--exit-code'], { files })).code).toBe(3);
    expect((await call(['judge', 'good.json', '--exit-code'], { files })).code).toBe(0);
    expect((await call(['judge', 'bad.json'], { files })).code).toBe(0);
  });
});

describe('judge FILE --explain', () => {
  test('prints the verdict as text, then the evidence minute by minute', async () => {
    const recording = invent({
      minutes: 9,
      canary: (t) => failing(t < 7 ? 0 : 90)(),
      settings: { warmUp: 1 },
    });
    const { stdout } = await call(['judge', '-', '--explain'], { files: { '-': JSON.stringify(recording) } });
    const { because, minute } = judge(recording);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe(`rollback at minute ${minute}: ${because}`);
    const row = (t: number) => lines.find((line) => line.trimStart().startsWith(`${t}  `));
    expect(lines[2]).toMatch(/^minute +new +errors +old +errors +share +bad +good +so far$/);
    expect(row(0)).toMatch(/ 300 +0 +2,700 +3 +10% +1 +- +warming up$/);
    expect(row(6)).toMatch(/pass$/);
    expect(row(8)).toMatch(/ 300 +90 +2,700 +3 +10% +.* rollback$/);
  });

  test('prints no table for a recording without a complete minute', async () => {
    const { stdout } = await call(['judge', '-', '--explain'], {
      files: { '-': JSON.stringify(invent({ minutes: 0 })) },
    });
    expect(stdout).toBe('hold: No finished minute of requests to the new revision yet.');
  });
});

describe('text that is not a recording is rejected', () => {
  test.each([
    ['that is not JSON', 'minutes: 3', ['file.json: it is not JSON']],
    ['that is a list', '[1]', ['recording: [1], but must be an object']],
    [
      'with mistakes, all of them',
      '{"period":60,"steps":[],"minutes":[{"t":-1}],"setings":{}}',
      ['  steps: ', '  minutes[0].t: -1', '  setings: an unknown name'],
    ],
  ])('a file %s', async (_, text, parts) => {
    const { code, stdout, stderr } = await call(['judge', 'file.json'], { files: { 'file.json': text } });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    for (const part of parts) expect(stderr).toContain(part);
  });

  test('a missing file', async () => {
    const { code, stderr } = await call(['judge', 'file.json']);
    expect(code).toBe(2);
    expect(stderr).toBe(
      'file.json: it cannot be read (no such file: file.json). Name a file that exists, or - for stdin.',
    );
  });
});
