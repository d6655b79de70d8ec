import { describe, expect, test } from '@jest/globals';
import { follow } from '../../../src/cli/follow.ts';
import { terminalOf } from '../../../src/cli/terminal.ts';
import { logLines } from '../../../src/report/log.ts';
import { terminalScreen } from '../../../src/report/terminal/terminal.ts';
import { textOf } from '../../../src/report/terminal/line.ts';
import { SECOND } from '../../../src/core/time/clock.ts';
import type { Event } from '../../../src/core/trail/event.ts';
import { createTrail } from '../../../src/core/trail/trail.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';
import { trails } from '../report/trails/trails.ts';
import { createVirtualTerminal, type VirtualTerminal } from './virtual-terminal.ts';

/** Records the events at their times while the trail is followed. */
async function watched(
  events: readonly Event[],
  terminal: VirtualTerminal | null,
  { masked, meanwhile }: { masked?: (text: string) => string; meanwhile?: (event: Event) => void } = {},
): Promise<readonly string[]> {
  const printed: string[] = [];
  const clock = createVirtualClock(events[0]!.at);
  const trail = createTrail({ clock, file: null });
  await follow(trail, { print: (line) => printed.push(line), terminal, clock }, masked);
  for (const event of events) {
    await clock.advance(event.at - clock.now());
    trail.tell(event);
    meanwhile?.(event);
  }
  await clock.advance(10 * SECOND);
  return printed;
}

const textsOf = (events: readonly Event[]) => events.flatMap(logLines);
const isKept = ({ kind }: Event) => kind !== 'evaluated' && kind !== 'waiting' && kind !== 'finished';

describe('on a terminal', () => {
  test.each(['good', 'errors', 'crash', 'dirty', 'unchanged', 'dryRun'] as const)(
    '%s: what stays said, the last screen, and the outcome, with nothing left of what was drawn over',
    async (name) => {
      const events = trails[name]();
      const terminal = createVirtualTerminal({ columns: 100, rows: 40 });
      expect(await watched(events, terminal)).toEqual([]);
      const end = events.at(-1)!;
      expect(terminal.lines).toEqual([
        ...textsOf(events.filter(isKept)),
        ...terminalScreen(events, { now: end.at, columns: 100, rows: 38 }).map(textOf),
        ...logLines(end),
        '',
      ]);
    },
  );

  test('a window that becomes smaller is redrawn without remains of the earlier screen', async () => {
    const events = trails.cancelled();
    const terminal = createVirtualTerminal({ columns: 100, rows: 40 });
    const meanwhile = ({ kind }: Event) => {
      if (kind === 'step-started') terminal.columns -= 27;
      if (kind === 'step-passed') terminal.rows = 30;
    };
    await watched(events, terminal, { meanwhile });
    expect(terminal.lines.filter((line) => line.startsWith('── '))).toHaveLength(1);
  });

  test('is written only a few times a second, regardless of the number of events', async () => {
    const terminal = createVirtualTerminal();
    const looked = trails.good().findLast(({ kind }) => kind === 'evaluated')!;
    const before = until(trails.good(), 'step-started');
    const start = before.at(-1)!.at;
    const looks = Array.from({ length: 200 }, (_, index) => ({ ...looked, at: start + index * 5 }));
    await watched(before, terminal);
    const atRest = terminal.writes;
    await watched([...before, ...looks], terminal);
    expect(terminal.writes - 2 * atRest).toBeLessThan(8);
  });

  test('secrets are masked on the screen and above it', async () => {
    const terminal = createVirtualTerminal();
    await watched(until(trails.good(), 'evaluated'), terminal, {
      masked: (text) => text.replaceAll('web', '***'),
    });
    expect(terminal.lines.join('\n')).toContain('── *** on shop');
    expect(terminal.lines.join('\n')).not.toContain('web');
  });
});

test('without a terminal, every event is a line', async () => {
  expect(await watched(trails.good(), null)).toEqual(textsOf(trails.good()));
});

describe('what counts as a terminal', () => {
  const stream = { isTTY: true, columns: 0, rows: 0, write: () => true };
  const utf8 = { TERM: 'xterm-256color', LANG: 'en_US.UTF-8' };

  test('a stream with cursor control', () => {
    expect(terminalOf(stream, utf8, 'linux')).toMatchObject({ columns: 80, rows: 24, utf8: true });
    expect(terminalOf(stream, { ...utf8, LC_ALL: 'C' }, 'linux')).toMatchObject({ utf8: false });
    expect(terminalOf(stream, {}, 'linux')).toMatchObject({ utf8: false });
    expect(terminalOf(stream, {}, 'win32')).toMatchObject({ utf8: true });
  });

  test.each([[{ NO_COLOR: '1' }], [{ CI: 'true' }], [{ TERM: 'dumb' }]])('not with %p', (env) => {
    expect(terminalOf(stream, { ...utf8, ...env }, 'linux')).toBeNull();
  });

  test('not a pipe', () => {
    expect(terminalOf({ ...stream, isTTY: false }, utf8, 'linux')).toBeNull();
  });
});

function until(events: readonly Event[], last: Event['kind']): readonly Event[] {
  return events.slice(0, events.findIndex(({ kind }) => kind === last) + 1);
}
