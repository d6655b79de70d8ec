import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { logLines } from '../../../src/report/log.ts';
import type { Event, NewEvent } from '../../../src/core/trail/event.ts';
import { foreignText } from './foreign-text.ts';
import { ARNS } from './trails/telling.ts';
import { trails } from './trails/trails.ts';

const at = Date.UTC(2026, 10, 21, 14, 5, 9);
const lines = (event: NewEvent) => logLines({ ...event, at });

describe.each(Object.entries(trails))('the log of the trail %s', (_name, trail) => {
  const events = trail();
  const finished = events.find((event) => event.kind === 'finished');

  test('prints every event, starting with its time', () => {
    for (const event of events)
      expect(logLines(event)[0]).toMatch(
        new RegExp(`^${new Date(event.at).toISOString().slice(11, 19)}  \\w`),
      );
  });

  if (finished)
    test('has the outcome and the reason in its last ten lines', () => {
      const end = events.flatMap(logLines).slice(-10).join('\n');
      expect(end).toContain(`outcome: ${finished.outcome}`);
      expect(end).toContain(finished.reason);
    });
});

test('a long reason does not push the outcome out of the last ten lines', () => {
  const told = lines({
    kind: 'finished',
    outcome: 'dirty',
    reason: 'why\n'.repeat(40),
    took: 1_000,
    canaryPercent: null,
    oldRevisionUntil: at,
  });
  expect(told.slice(-10).join('\n')).toContain('outcome: dirty');
});

test('a wait shows its subject, start, end and what happens then', () => {
  expect(
    lines({
      kind: 'waiting',
      what: 'the new tasks to start',
      since: at - 70_000,
      until: at + 300_000,
      otherwise: 'ECS rolls back',
    }),
  ).toEqual([
    '14:05:09  waiting for the new tasks to start, since 14:03:59 (1m 10s), until 14:10:09 (5m left), then ECS rolls back',
  ]);
});

test('a diagnosis shows stopped tasks with exit codes, service events and the last lines of the container', () => {
  const told = lines({
    kind: 'diagnosed',
    serviceEvents: [{ at, message: 'unable to place a task' }],
    stoppedTasks: [
      {
        taskArn: ARNS.task,
        stoppedAt: at,
        stopCode: null,
        reason: 'Essential container in task exited',
        containers: [
          { name: 'web', exitCode: 0, reason: null },
          { name: 'proxy', exitCode: 137, reason: 'OutOfMemoryError' },
        ],
      },
    ],
    log: { source: '/ecs/web', lines: ['first', 'last'] },
  }).join('\n');
  for (const part of [
    'Essential container in task exited',
    'web: exit code 0',
    'proxy: exit code 137 (killed, often out of memory), OutOfMemoryError',
    'unable to place a task',
    '| first',
    '| last',
  ])
    expect(told).toContain(part);
});

test('a diagnosis without log lines names the log of the container', () => {
  const log = { source: '/ecs/web', lines: [] };
  const told = lines({ kind: 'diagnosed', serviceEvents: [], stoppedTasks: [], log }).join('\n');
  expect(told).toContain('log of the failed container: /ecs/web');
  expect(told).not.toContain('last lines');
});

test('arms are shown with their requests, and with tasks only if there is a problem', () => {
  const well = { running: 2, desired: 2, healthyTargets: 2, unhealthyTargets: 0 };
  const [, arms] = lines({
    kind: 'evaluated',
    percent: 10,
    verdict: 'hold',
    because: 'too little',
    period: 60,
    origin: at,
    minutes: [{ t: 0, canary: { requests: 1_012, errors: 41 } }],
    evidence: [],
    health: { canary: { ...well, running: 1, unhealthyTargets: 1 }, stable: well },
  });
  expect(arms?.trim()).toBe(
    'so far, canary: 1,012 requests, 41 failed (4.1%), 1 of 2 tasks running, 1 target unhealthy; stable: no requests',
  );
});

function everywhere(text: string): Event[] {
  return (
    [
      { kind: 'notice', level: 'notice', message: text },
      {
        kind: 'finished',
        outcome: 'failed',
        reason: text,
        took: 1,
        canaryPercent: null,
        oldRevisionUntil: null,
      },
      { kind: 'rollback-requested', percent: 10, cause: 'judge', reason: text },
      {
        kind: 'diagnosed',
        serviceEvents: [{ at, message: text }],
        stoppedTasks: [],
        log: { source: text, lines: [text] },
      },
      { kind: 'pushed', image: text, digest: text, tags: [text], took: 1 },
      { kind: 'cancel-requested', signal: text },
    ] satisfies NewEvent[]
  ).map((event) => ({ ...event, at }));
}

describe('foreign text', () => {
  test('never becomes a workflow command, a terminal sequence or a separate line', () => {
    fc.assert(
      fc.property(foreignText, (text) => {
        for (const line of everywhere(text).flatMap(logLines)) {
          // What the runner parses: a command at the start of a trimmed line, the older form
          // anywhere.
          expect(line.trimStart().startsWith('::')).toBe(false);
          expect(line).not.toContain('##[');
          expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
          expect(line.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  test('stays readable', () => {
    expect(
      lines({ kind: 'notice', level: 'warning', message: 'one\n::error::two \u001B[1mbold\u001B[0m' }),
    ).toEqual(['14:05:09  warning: one', '          : :error::two bold']);
  });
});
