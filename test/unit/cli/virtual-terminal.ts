import { stripVTControlCharacters } from 'node:util';
import type { Terminal } from '../../../src/cli/terminal.ts';
import { widthOf } from '../../../src/report/terminal/line.ts';

/**
 * The visible terminal: lines wrap again when the window becomes narrower, and the cursor cannot
 * leave the window.
 */
export interface VirtualTerminal extends Terminal {
  columns: number;
  rows: number;
  /** The lines as written, without wrapping. */
  readonly lines: readonly string[];
  /** Number of writes. */
  readonly writes: number;
}

const CONTROL = '\u001B\\[';
const PARTS = new RegExp(
  `${CONTROL}(\\d+)A|${CONTROL}(J)|${CONTROL}\\?\\d+[hl]|(\n)|\r|((?:${CONTROL}[\\d;]*m|[^\u001B\n\r])+)`,
  'gu',
);

export function createVirtualTerminal(
  size: { columns?: number; rows?: number; utf8?: boolean } = {},
): VirtualTerminal {
  const lines = [''];
  let writes = 0;
  const self = {
    columns: 80,
    rows: 24,
    utf8: true,
    ...size,
    lines,
    get writes() {
      return writes;
    },
    write(text: string) {
      writes++;
      for (const [, up, below, newline, shown] of text.matchAll(PARTS)) {
        if (up !== undefined) goUp(Number(up));
        // The cursor is at the start of a line.
        if (below !== undefined) lines.splice(at, Infinity, '');
        if (newline !== undefined && ++at === lines.length) lines.push('');
        if (shown !== undefined) lines[at] += stripVTControlCharacters(shown);
      }
    },
  };
  let at = 0;
  const goUp = (rows: number) => {
    if (rows >= self.rows) throw new Error(`the cursor cannot go up ${rows} of ${self.rows} rows`);
    let left = rows;
    while (left > 0) left -= Math.max(1, Math.ceil(widthOf(lines[--at] ?? '') / self.columns));
    if (left < 0) throw new Error('the cursor stands in the middle of a broken line');
  };
  return self;
}
