import { painted } from '../report/terminal/paint.ts';
import { terminalScreen } from '../report/terminal/terminal.ts';
import { textOf, widthOf, type Line, type Words } from '../report/terminal/line.ts';
import { SECOND, type Clock } from '../core/time/clock.ts';
import type { Event } from '../core/trail/event.ts';
import type { Trail } from '../core/trail/trail.ts';
import type { Terminal } from './terminal.ts';

/** A screen at the lower end of the terminal that shows where the run stands; what is printed goes above it. */
export interface LiveScreen {
  print(line: string): void;
  /** Whether the screen tells this event, so that no line needs to. */
  shows(event: Event): boolean;
}

/** So often at most it is drawn over again because something happened; and because time goes by, each second. */
const SOONEST = SECOND / 4;

const SHOWN: ReadonlySet<Event['kind']> = new Set(['waiting', 'evaluated']);

/**
 * Draws the trail until it is finished; the last screen then stays where it is, and what is printed follows it. The cursor stays visible and colours end with each line, so that there is nothing to put right,
 * however the process ends.
 */
export function openScreen(
  trail: Trail,
  { terminal, clock, words }: { readonly terminal: Terminal; readonly clock: Clock; readonly words: Words },
): LiveScreen {
  let drawn: readonly Line[] = [];
  let next: { readonly at: number; readonly cancel: () => void } | null = null;
  let isOpen = true;

  const draw = () => {
    const before = drawn;
    const height = rowsOf(before, terminal);
    drawn = screenNow();
    if (textsOf(before) !== textsOf(drawn) || height !== before.length) write(height, '');
  };
  const screenNow = () => {
    const { columns, rows } = terminal;
    return terminalScreen(trail.events, { now: clock.now(), columns, rows: rows - 2, words });
  };
  /** Puts the text and the screen in the place of the screen that was `height` rows high. */
  const write = (height: number, text: string) => {
    const lines = drawn.map((line) => `${painted(line, terminal)}\n`).join('');
    terminal.write(
      `${BEGIN}${height > 0 ? `\r${up(height)}` : '\r'}${ERASE_BELOW}${text}${UNBROKEN}${lines}${BROKEN}${END}`,
    );
  };
  const soon = (delay: number) => {
    const at = clock.now() + delay;
    if (!isOpen || (next !== null && next.at <= at)) return;
    next?.cancel();
    const cancel = clock.after(delay, () => {
      next = null;
      draw();
      soon(SECOND);
    });
    next = { at, cancel };
  };
  const forget = trail.subscribe(({ kind }) => {
    if (kind !== 'finished') return soon(SOONEST);
    isOpen = false;
    forget();
    next?.cancel();
    draw();
  });

  soon(SOONEST);
  return {
    print(line) {
      if (isOpen) write(rowsOf(drawn, terminal), `${line}\n`);
      else terminal.write(`${line}\n`);
    },
    shows: ({ kind }) => isOpen && SHOWN.has(kind),
  };
}

/** Most terminals break lines anew when they are made narrower. What has left a terminal that was made lower is out of reach. */
function rowsOf(lines: readonly Line[], { columns, rows }: Terminal): number {
  const broken = lines.map((line) => Math.max(1, Math.ceil(widthOf(textOf(line)) / columns)));
  return Math.min(
    rows - 1,
    broken.reduce((sum, each) => sum + each, 0),
  );
}

function textsOf(lines: readonly Line[]): string {
  return lines.map(textOf).join('\n');
}

const up = (rows: number) => `\u001B[${rows}A`;
const ERASE_BELOW = '\u001B[J';
/** A sign that is wider than we believe must not break a line: the screen would be higher than we know. */
const UNBROKEN = '\u001B[?7l';
const BROKEN = '\u001B[?7h';
/** Terminals that can, show what is between only as a whole. */
const BEGIN = '\u001B[?2026h';
const END = '\u001B[?2026l';
