import { styleText } from 'node:util';
import { inAscii, type Line, type Tone } from './line.ts';

/** Colours that every theme of a terminal has. Orange and blue stay apart for every kind of colour vision; yellow is the nearest. */
const STYLES: Readonly<Record<Tone, Parameters<typeof styleText>[0] | null>> = {
  plain: null,
  strong: 'bold',
  faint: 'dim',
  good: 'green',
  bad: 'red',
  canary: 'yellow',
  stable: 'blue',
};

/** A line as a terminal takes it. Without UTF-8 it knows no more than ASCII. */
export function painted(line: Line, { utf8 }: { readonly utf8: boolean }): string {
  return line
    .map(({ text, tone }) => {
      const shown = utf8 ? text : inAscii(text);
      const style = STYLES[tone];
      // Whether there are colours has been decided: not by the process's own stdout.
      return style === null || shown.trim() === ''
        ? shown
        : styleText(style, shown, { validateStream: false });
    })
    .join('');
}
