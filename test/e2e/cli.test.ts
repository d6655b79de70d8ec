import { expect, test } from '@jest/globals';
import manifest from '../../package.json' with { type: 'json' };
import type { Verdict } from '../../src/judge/verdict.ts';
import { callProcess } from '../support/command-line.ts';

test('dist/cli.js runs as a command', async () => {
  expect(await callProcess(['--version']).done).toEqual({
    code: 0,
    stdout: `${manifest.version}\n`,
    stderr: '',
  });
  expect(await callProcess(['judge', '--nonsense', 'x']).done).toMatchObject({ code: 2, stdout: '' });
});

test('judge reads a day of metrics from stdin', async () => {
  const minutes = Array.from({ length: 24 * 60 }, (_, t) => ({
    t,
    canary: { requests: 600, errors: t % 8 === 0 ? 1 : 0, slow: [300, 60, 6] },
    stable: { requests: 5_400, errors: t % 3, slow: [2_700, 540, 54] },
  }));
  const recording = JSON.stringify({ period: 60, steps: [{ at: 0, percent: 10 }], minutes });
  const { code, stdout } = await callProcess(['judge', '-'], { stdin: recording }).done;
  expect(code).toBe(0);
  const verdict: Verdict = JSON.parse(stdout);
  expect(verdict.verdict).toBe('pass');
  expect(verdict.evidence).toHaveLength(24 * 60 - 2);
});
