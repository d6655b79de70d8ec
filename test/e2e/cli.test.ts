import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { openStage, type Stage } from '../../demo/stage.ts';
import manifest from '../../package.json' with { type: 'json' };
import type { Verdict } from '../../src/judge/verdict.ts';
import type { Replay } from '../../src/replay/replay.ts';

jest.setTimeout(300_000);

const CLI = join(import.meta.dirname, '../../dist/cli.js');

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `ecs-ramp ARGS` as a process. */
async function ecsRamp(
  args: readonly string[],
  { stdin = '', environment = {} }: { stdin?: string; environment?: Readonly<Record<string, string>> } = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { PATH: process.env['PATH'], ...environment },
  });
  child.stdin.end(stdin);
  const ended = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code]: (number | null)[] = await ended;
  return { code: code ?? null, stdout, stderr };
}

test('the bundle is a command of its own', async () => {
  expect(await ecsRamp(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  expect(await ecsRamp(['judge', '--nonsense', 'x'])).toMatchObject({ code: 2, stdout: '' });
});

test('a day is read from stdin and judged', async () => {
  const minutes = Array.from({ length: 24 * 60 }, (_, t) => ({
    t,
    canary: { requests: 600, errors: t % 8 === 0 ? 1 : 0, slow: [300, 60, 6] },
    stable: { requests: 5_400, errors: t % 3, slow: [2_700, 540, 54] },
  }));
  const recording = JSON.stringify({ period: 60, steps: [{ at: 0, percent: 10 }], minutes });
  const { code, stdout } = await ecsRamp(['judge', '-'], { stdin: recording });
  expect(code).toBe(0);
  const verdict: Verdict = JSON.parse(stdout);
  expect(verdict.verdict).toBe('pass');
  expect(verdict.evidence).toHaveLength(24 * 60 - 2);
});

describe('the history of a service that has users', () => {
  let stage: Stage;
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ecs-ramp-cli-'));
    stage = await openStage({ services: ['web'], rate: 100, directory });
    // What the thresholds of latency are frozen from, and then a history of its own.
    await sleep(60_000);
  });
  afterAll(async () => {
    await stage?.close();
    await rm(directory, { recursive: true });
  });

  const history = [
    '--cluster',
    'shop',
    '--from',
    '40s',
    '--period',
    '5s',
    '--length',
    '20s',
    '--step-timeout',
    '20s',
  ];

  test('is read from CloudWatch, and rollouts are pretended in it', async () => {
    const { code, stdout, stderr } = await ecsRamp(
      ['judge', '--service', 'web', ...history, '--rollouts', '200', '--settings', 'warmUp=1'],
      { environment: stage.environment },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const replay: Replay = JSON.parse(stdout);
    expect(replay.traffic.requestsPerMinute).toBeGreaterThan(3_000);
    expect(replay.traffic.requestsPerMinute).toBeLessThan(9_000);
    expect(replay.traffic.latency).toBe(true);
    expect(replay.rolledBackForNothing.atLeast).toBeLessThan(0.01);
    expect(replay.faults.at(-1)).toMatchObject({ errorRate: 0.5, found: 40, rollouts: 40 });
  });

  test('of a service that is not there is refused in one line', async () => {
    const { code, stdout, stderr } = await ecsRamp(['judge', '--service', 'wbe', ...history], {
      environment: stage.environment,
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^service: cluster "shop" in region \S+ has no service "wbe". Its services: web\.\n$/,
    );
  });
});
