import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { inAscii, textOf, widthOf } from '../../../src/report/terminal/line.ts';
import { painted } from '../../../src/report/terminal/paint.ts';
import { terminalScreen, type View } from '../../../src/report/terminal/terminal.ts';
import { MINUTE, SECOND } from '../../../src/core/time/clock.ts';
import type { ArmHealth, Event } from '../../../src/core/trail/event.ts';
import { foreignText } from './foreign-text.ts';
import { ARNS, begun, started, stepBegun, telling } from './trails/telling.ts';
import { trails } from './trails/trails.ts';

/** The text of the screen, `later` after the last event. */
function screen(events: readonly Event[], { later = 0, ...view }: Partial<View> & { later?: number } = {}) {
  const now = (events.at(-1)?.at ?? 0) + later;
  return terminalScreen(events, { now, columns: 80, ...view }).map(textOf);
}

/** The trail up to the last event of a kind that `is` one. */
function until(events: readonly Event[], is: (event: Event) => boolean): readonly Event[] {
  return events.slice(0, events.findLastIndex(is) + 1);
}

const at30 = until(trails.good(), (event) => event.kind === 'evaluated' && event.percent === 30);

describe('in the middle of a rollout', () => {
  test('the whole screen', () => {
    expect(screen(at30).join('\n')).toMatchInlineSnapshot(`
     "── web on shop ─ 30% of production traffic ─────────────────────────── 15m 18s ─

       10%           30%           60%           90%           100%
       ●━━━━━━━━━━━━━◉─────────────○─────────────○─────────────○

       last 5m     canary                  stable
       requests     4,439  ▄▄▄▄▄▄▄█████    10,358  ███████▇▇▆▆▆
       failed       0.11%  ▁▁▁▁▁▁▁▇▇▇▇▇    0.097%  ▇▆██▅▆▆▆▄▆█▆
       slow (p90)    8.2%  ▇▇▇▇▇▇▇▇▇▇▇▇       10%  ████████████
       tasks       4 of 4                  4 of 4

       against it  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░    0.7, rolls back at 100
       for it      ██████████████████████████████     24, continues at 20
       G = 24.1, 20 is enough: the new revision failed 3 of 9000 requests, at most 1%
       is tolerated.
     ────────────────────────────────────────────────────────────────────────────────"
    `);
  });

  test('on 40 columns, without the bars that do not fit', () => {
    expect(screen(at30, { columns: 40 }).join('\n')).toMatchInlineSnapshot(`
     "── web on shop ─ 30% of pr… ── 15m 18s ─

       10%    30%    60%    90%    100%
       ●━━━━━━◉──────○──────○──────○

       last 5m     canary       stable
       requests     4,439  ████ 10,358  ▇▆▆▆
       failed       0.11%  ▇▇▇▇ 0.097%  ▄▆█▆
       slow (p90)    8.2%  ▇▇▇▇    10%  ████
       tasks       4 of 4       4 of 4

       against it    0.7, rolls back at 100
       for it         24, continues at 20
       G = 24.1, 20 is enough: the new
       revision failed 3 of 9000 requests, at
       most 1% is tolerated.
     ────────────────────────────────────────"
    `);
  });

  test('the time advances without new events', () => {
    const story = started();
    stepBegun(story, 10).tell({
      kind: 'waiting',
      what: 'evidence at 10%',
      since: story.now,
      until: story.now + 5 * MINUTE,
      otherwise: 'it is rolled back',
    });
    expect(screen(story.events, { later: 10 * SECOND }).join('')).toMatch(
      / {2}waiting for evidence at 10%, 10s, until \d\d:\d\d:\d\d UTC \(4m 50s left\), then it is {2}rolled back─+$/u,
    );
    expect(screen(story.events, { later: 10 * MINUTE }).join(' ')).toContain('the time limit has passed');
  });

  test('evidence of an earlier step does not count for the next', () => {
    const events = at30.map((event): Event => {
      if (event.kind !== 'evaluated') return event;
      return {
        ...event,
        steps: [
          { at: 0, percent: 10 },
          { at: 1_000, percent: 30 },
        ],
      };
    });
    expect(screen(events).find((line) => line.includes('for it'))).toMatch(/ ░{30} +1, continues at 20$/u);
  });
});

/** The line of the tasks, for healthy arms except for these values. */
function tasksTold(canary: Partial<ArmHealth>, stable: Partial<ArmHealth>) {
  const arm = { running: 2, desired: 2, healthyTargets: 2, unhealthyTargets: 0 };
  const health = { canary: { ...arm, ...canary }, stable: { ...arm, ...stable } };
  const events = at30.map((event) => (event.kind === 'evaluated' ? { ...event, health } : event));
  return screen(events).find((line) => line.startsWith('  tasks'));
}

test('missing, unhealthy and stopping tasks are shown', () => {
  expect(tasksTold({ running: 1 }, {})).toMatch(/ 1 of 2 +2 of 2$/u);
  expect(tasksTold({ unhealthyTargets: 1 }, { desired: 0 })).toMatch(/ 2 of 2, 1 unhealthy +2 stopping$/u);
  expect(tasksTold({}, { desired: 0, running: 0 })).toMatch(/ 2 of 2 +none$/u);
  expect(tasksTold({ failedTasks: 3 }, {})).toMatch(/ 2 of 2, 3 failed +2 of 2$/u);
});

test('after the decision to roll back, the tasks are those that it was based on', () => {
  const arm = { running: 2, desired: 2, healthyTargets: 2, unhealthyTargets: 0 };
  const rollback: Event = {
    kind: 'rollback-requested',
    percent: 30,
    cause: 'health',
    reason: '3 tasks of the new revision stopped because a container exited',
    health: { canary: { ...arm, running: 0, failedTasks: 3 }, stable: arm },
    at: at30.at(-1)!.at,
  };
  const lines = screen([...at30, rollback]);
  expect(lines.find((line) => line.startsWith('  tasks'))).toMatch(/ 0 of 2, 3 failed +2 of 2$/u);
});

describe('a release that is rolled back', () => {
  test('shows the reason, and that the rollback is in progress', () => {
    const events = until(trails.errors(), ({ kind }) => kind === 'waiting');
    const lines = screen(events);
    expect(lines[0]).toContain('rolling back');
    expect(lines.join('\n')).toMatch(/rolling back from 10%, the metrics are evidence against/u);
    expect(lines.join('\n')).toMatch(/waiting for the listener rule to give the old revision 100%/u);
    expect(lines[3]).toMatch(/^ {2}✗─+○/u);
  });

  test('ends with its outcome, and waits for nothing', () => {
    const lines = screen(trails.errors());
    expect(lines[0]).toContain('─ rolled-back ─');
    expect(lines.join('\n')).not.toContain('waiting');
  });
});

test('a rollback to a release that still runs has no steps', () => {
  const story = telling().tell({ ...begun, command: 'rollback' });
  story.tell({
    kind: 'rollout-started',
    serviceDeploymentArn: ARNS.deployment,
    adopted: true,
    undone: true,
    steps: [10, 100],
    hookTimeout: MINUTE,
    canaryTargetGroup: null,
    stableTargetGroup: null,
  });
  story.tell({
    kind: 'waiting',
    what: 'ECS to finish the rollback',
    since: story.now,
    until: null,
    otherwise: null,
  });
  expect(screen(story.events, { later: 5 * SECOND })).toEqual([
    expect.stringMatching(/^── web on shop ─ rolling back ─+ 5s ─$/u),
    '',
    '  waiting for ECS to finish the rollback, 5s',
    '─'.repeat(80),
  ]);
});

describe('for every trail, after every event', () => {
  const all = Object.values(trails).map((trail) => trail());
  const moments = all.flatMap((events) => events.map((_, index) => events.slice(0, index + 1)));

  test.each([
    [200, 50],
    [80, 24],
    [40, 12],
    [12, 5],
    [3, 1],
  ])('a screen fits into %i columns and %i rows', (columns, rows) => {
    for (const events of moments) {
      const lines = screen(events, { columns, rows });
      expect(lines.length).toBeLessThanOrEqual(rows);
      expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(columns);
    }
  });

  test('a terminal without UTF-8 gets ASCII of the same width', () => {
    for (const events of moments) {
      for (const line of terminalScreen(events, { now: 0, columns: 80 })) {
        const shown = stripVTControlCharacters(painted(line, { utf8: false }));
        expect(shown).toMatch(/^[\x20-\x7E]*$/u);
        expect(shown).toHaveLength(widthOf(textOf(line)));
      }
    }
  });
});

describe('foreign text', () => {
  test('does not move the cursor or enlarge the screen', () => {
    fc.assert(
      fc.property(foreignText, (text) => {
        const events = at30.map((event): Event => {
          if (event.kind === 'started') return { ...event, service: text, cluster: text };
          return event.kind === 'evaluated' ? { ...event, because: text } : event;
        });
        const lines = screen([
          ...events,
          { kind: 'waiting', at: 0, what: text, since: 0, until: null, otherwise: null },
        ]);
        expect(lines.join('')).not.toMatch(/[\p{Cc}\u202E]/u);
        expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(80);
      }),
      { numRuns: 100 },
    );
  });

  test('is masked if it is a secret', () => {
    expect(screen(at30, { words: (text) => text.replaceAll('tolerated', '***') }).join(' ')).toContain(
      'at most 1%   is ***.',
    );
  });
});

test('characters have their width in terminals', () => {
  expect(['a', 'é', 'e\u0301', '漢', '🚀', '\u200B', '…'].map(widthOf)).toEqual([1, 1, 1, 2, 2, 0, 1]);
  expect(inAscii('漢a…')).toBe('??a~');
});
