import { painted } from '../report/terminal/paint.ts';
import { terminalScreen } from '../report/terminal/terminal.ts';
import { textOf, widthOf, type Line, type Words } from '../report/terminal/line.ts';
import { SECOND, type Clock } from '../core/time/clock.ts';
import type { Event } from '../core/trail/event.ts';
import type { Trail } from '../core/trail/trail.ts';
import type { Terminal } from './terminal.ts';

/**
 * A screen at the bottom of the terminal with the state of the run. Other output is printed above
 * it.
 */
export interface LiveScreen {
  print(line: string): void;
  /** Whether the screen shows this event, so that no line is printed for it. */
  shows(event: Event): boolean;
}

/** Delay from an event to the next drawing. Without events, the screen is drawn every second. */
const SOONEST = SECOND / 4;

const SHOWN: ReadonlySet<Event['kind']> = new Set(['waiting', 'evaluated']);

/**
 * Draws the trail until it is finished. The last screen then stays, and later output follows it.
 * The cursor stays visible and colours end with each line, so the terminal needs no reset when the
 * process ends.
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
  /** Replaces the screen, which has a height of `height` rows, with the text and the new screen. */
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

/**
 * Most terminals wrap lines again when they become narrower. Rows that scrolled out of the terminal
 * cannot be erased.
 */
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
/**
 * Turns off line wrapping: a character that is wider than calculated would add a row to the screen.
 */
const UNBROKEN = '\u001B[?7l';
const BROKEN = '\u001B[?7h';
/** Terminals with synchronized output show everything between these two at once. */
const BEGIN = '\u001B[?2026h';
const END = '\u001B[?2026l';
