import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { commandGate } from '../../../support/gates.ts';
import { commandRunner } from '../../../../src/rollout/gates/command.ts';
import type { GateAnswer } from '../../../../src/rollout/gates/answer.ts';
import { systemClock } from '../../../../src/core/time/clock.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';
import { TESTED } from './tested.ts';

const directory = realpathSync(mkdtempSync(join(tmpdir(), 'gate-')));
afterAll(() => rmSync(directory, { recursive: true }));

const NEVER = new AbortController().signal;

async function run(
  args: readonly string[],
  {
    program = process.execPath,
    env = {},
    signal = NEVER,
    hear = () => {},
    clock = systemClock,
  }: {
    readonly program?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
    readonly hear?: (line: string) => void;
    readonly clock?: typeof systemClock;
  } = {},
): Promise<{ readonly answer: GateAnswer; readonly lines: readonly string[] }> {
  const lines: string[] = [];
  const runner = commandRunner({
    tested: TESTED,
    env: { PATH: process.env['PATH'], ...env },
    clock,
    say(line) {
      lines.push(line);
      hear(line);
    },
  });
  const gate = commandGate(program, { args, directory });
  const answer = await runner(gate, { deployment: 'arn:deployment', percent: 0 }, signal);
  return { answer, lines };
}

test('its exit code is the answer, and its output is logged line by line', async () => {
  const good = await run(['-e', 'console.log("one\\ntwo"); console.error("three")'], { program: 'node' });
  expect(good.answer).toEqual({ said: 'pass', because: 'exit code 0' });
  expect([...good.lines].sort()).toEqual(['node: one', 'node: three', 'node: two']);
  expect((await run(['-e', 'process.exit(3)'], { program: 'node' })).answer).toEqual({
    said: 'fail',
    problem: 'the command node ended with exit code 3',
  });
});

test('a command that does not exist or is killed fails the gate', async () => {
  expect((await run([], { program: './missing.sh' })).answer).toMatchObject({
    said: 'fail',
    problem: expect.stringContaining('the command ./missing.sh could not be started'),
  });
  const killed = await run(['-e', 'process.kill(process.pid, "SIGKILL")'], { program: 'node' });
  expect(killed.answer).toEqual({ said: 'fail', problem: 'the command node ended with SIGKILL' });
});

test('a path is relative to the workspace, and no shell interprets the arguments', async () => {
  const script = '#!/bin/sh\nprintf "%s\\n" "$PWD" "$@"\n';
  writeFileSync(join(directory, 'test.sh'), script, { mode: 0o755 });
  const { lines } = await run(['$HOME; ls *', ''], { program: './test.sh' });
  expect(lines).toEqual([`./test.sh: ${directory}`, './test.sh: $HOME; ls *', './test.sh: ']);
});

test('it gets what to test, but no credentials or inputs of ecs-ramp', async () => {
  const env = {
    HOME: '/home/runner',
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIA',
    AWS_SESSION_TOKEN: 'token',
    'INPUT_REGISTRY-PASSWORD': 'hunter2',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'token',
    GITHUB_OUTPUT: '/runner/output',
    GITHUB_SHA: 'abc',
    STATE_run: '1',
  };
  const { lines } = await run(['-e', 'console.log(JSON.stringify(process.env))'], { env, program: 'node' });
  const { PATH: _, ...given }: Record<string, string> = JSON.parse(lines[0]!.replace('node: ', ''));
  expect(given).toEqual({
    HOME: '/home/runner',
    AWS_REGION: 'eu-west-1',
    GITHUB_SHA: 'abc',
    ECS_RAMP_SERVICE: 'web',
    ECS_RAMP_CLUSTER: 'shop',
    ECS_RAMP_STEP: '0',
    ECS_RAMP_SERVICE_DEPLOYMENT: 'arn:deployment',
    ECS_RAMP_TASK_DEFINITION: TESTED.taskDefinitionArn,
    ECS_RAMP_IMAGE: TESTED.image,
    ECS_RAMP_TEST_URL: TESTED.testUrl,
    ECS_RAMP_TEST_HOST: TESTED.testHost,
    ECS_RAMP_TEST_HEADERS: '{"x-test":"guess me"}',
    ECS_RAMP_RUN_URL: TESTED.runUrl,
  });
});

test('aborting ends the command and its child processes, with SIGKILL if needed', async () => {
  const stop = new AbortController();
  const clock = createVirtualClock();
  const script = '#!/bin/sh\ntrap "" TERM\necho ready\nwhile :; do sleep 60; done\n';
  writeFileSync(join(directory, 'stubborn.sh'), script, { mode: 0o755 });
  const running = run([], {
    program: './stubborn.sh',
    signal: stop.signal,
    clock,
    hear: () => {
      stop.abort();
      void clock.advance(5_000);
    },
  });
  expect((await running).answer).toMatchObject({ problem: 'the command ./stubborn.sh ended with SIGKILL' });
});
