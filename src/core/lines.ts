import type { Readable } from 'node:stream';
import { cut } from './plain-text.ts';

/** In characters. The rest of a longer line is left out, so that one without an end fills no memory. */
const LONGEST_LINE = 10_000;

/** Calls `say` for each line that a program prints, and for what follows the last one. */
export function eachLine(stream: Readable, say: (line: string) => void): void {
  let line = '';
  const add = (text: string) => {
    if (line.length <= LONGEST_LINE) line += text.slice(0, LONGEST_LINE + 1);
  };
  const end = () => {
    say(cut(line.replace(/\r$/, ''), LONGEST_LINE));
    line = '';
  };
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const [first = '', ...others] = text.split('\n');
    add(first);
    for (const other of others) {
      end();
      add(other);
    }
  });
  stream.on('end', () => {
    if (line !== '') end();
  });
}
