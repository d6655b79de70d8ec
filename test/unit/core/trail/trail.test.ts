import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Clock } from '../../../../src/core/time/clock.ts';
import type { Event, NewEvent } from '../../../../src/core/trail/event.ts';
import { createTrail, readTrail, resumeTrail } from '../../../../src/core/trail/trail.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trail-'));
  file = join(folder, 'deep', 'down', 'events.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const clock: Clock = { now: () => 1_000, after: () => () => {} };
const cancelled: NewEvent = { kind: 'cancel-requested', signal: 'SIGINT' };
const noticed: NewEvent = { kind: 'notice', level: 'notice', message: 'two\nlines' };

test('`tell` writes the event to the file on one line and creates missing folders', () => {
  const trail = createTrail({ clock, file });
  trail.tell(noticed);
  expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify({ ...noticed, at: 1_000 })}\n`);
  expect(readTrail(file)).toEqual([...trail.events]);
});

test('a new trail replaces the one of an earlier run', () => {
  createTrail({ clock, file }).tell(noticed);
  createTrail({ clock, file });
  expect(readTrail(file)).toEqual([]);
});

test('a subscriber receives events until it unsubscribes', () => {
  const trail = createTrail({ clock, file });
  const heard: Event[] = [];
  const enough = trail.subscribe((event) => heard.push(event));
  trail.tell(cancelled);
  enough();
  trail.tell(noticed);
  expect(heard).toEqual([{ ...cancelled, at: 1_000 }]);
});

test('an incomplete last line is ignored, and a resumed trail continues after the last complete event', () => {
  createTrail({ clock, file }).tell(cancelled);
  appendFileSync(file, '{"kind":"noti');
  expect(readTrail(file)).toEqual([{ ...cancelled, at: 1_000 }]);

  resumeTrail({ clock, file }).tell(noticed);
  expect(readTrail(file).map(({ kind }) => kind)).toEqual(['cancel-requested', 'notice']);
});

test('a last event that only lacks its line break counts', () => {
  createTrail({ clock, file }).tell(cancelled);
  writeFileSync(file, readFileSync(file, 'utf8').trimEnd());
  expect(readTrail(file)).toHaveLength(1);
});

test('a broken line in the middle is an error that names file and line', () => {
  createTrail({ clock, file });
  writeFileSync(file, '{"kind":"cancel-requested","signal":"SIGINT","at":1}\nnull\n');
  expect(() => readTrail(file)).toThrow(`${file}, line 2, is not an event`);
});

test('infinite evidence survives the file', () => {
  const evidence = {
    t: 0,
    errors: Infinity,
    latency: null,
    guard: 1,
    total: Infinity,
    good: 0,
    share: 0.1,
    judged: true,
  };
  const arm = { running: 1, desired: 1, healthyTargets: 1, unhealthyTargets: 0 };
  createTrail({ clock, file }).tell({
    kind: 'evaluated',
    percent: 10,
    verdict: 'rollback',
    because: 'everything failed',
    period: 60,
    origin: 0,
    minutes: [],
    evidence: [evidence],
    health: { canary: arm, stable: arm },
  });
  expect(readTrail(file)).toMatchObject([{ evidence: [{ errors: 1e308, total: 1e308 }] }]);
});

test('when the disk fails, the run continues, reports it once and keeps its events', () => {
  const trail = createTrail({ clock, file });
  rmSync(file);
  mkdirSync(file);
  trail.tell(cancelled);
  trail.tell(cancelled);
  expect(trail.events.map(({ kind }) => kind)).toEqual(['cancel-requested', 'notice', 'cancel-requested']);
  expect(trail.events[1]).toMatchObject({ level: 'warning', message: expect.stringContaining(file) });
});
