import { expect, test } from '@jest/globals';
import { annotations } from '../../../src/report/annotations.ts';
import { trails } from './trails/trails.ts';

test('a successful run has no annotations', () => {
  expect(annotations(trails.good())).toEqual([]);
  expect(annotations(trails.unchanged())).toEqual([]);
});

test('a rollback is one error with its reason', () => {
  expect(annotations(trails.errors())).toEqual([
    {
      level: 'error',
      title: 'web: rolled-back',
      message: expect.stringMatching(/^121 of 1,493 requests .* failed/u),
    },
  ]);
});

test('a crash shows the exit codes', () => {
  const [crash, ...others] = annotations(trails.crash());
  expect(others).toEqual([]);
  expect(crash?.message).toContain(
    'A task stopped: Essential container in task exited, web: exit code 1, log-router: exit code 137',
  );
  expect(crash?.message).toContain("Its log: Error: Cannot find module './config/production.json'");
});

test('each wrong input is a separate error, without an additional total', () => {
  expect(
    annotations(trails.inputsWrong()).map(({ level, message }) => [level, message.split(':')[0]]),
  ).toEqual([
    ['error', 'Input bake-time'],
    ['error', 'Input stepz is not known; did you mean steps?'],
  ]);
});

test('a warning stays a warning', () => {
  expect(annotations(trails.dryRun())).toEqual([
    { level: 'warning', title: 'web', message: expect.stringContaining('web-5xx fires already') },
  ]);
});

test('duplicates are annotated once', () => {
  const events = trails.dirty();
  const finished = events.at(-1);
  if (finished?.kind !== 'finished') throw new Error('the trail has no end');
  const again = { kind: 'notice', level: 'error', message: finished.reason, at: finished.at } as const;
  expect(annotations([...events.slice(0, -1), again, again, finished])).toHaveLength(1);
});

test('a killed run is an error with the last known state', () => {
  expect(annotations(trails.killed())).toEqual([
    { level: 'error', title: 'web: dirty', message: expect.stringContaining('30% of production traffic') },
  ]);
});
