import { styleText } from 'node:util';
import { inAscii, type Line, type Tone } from './line.ts';

/**
 * Colours that every terminal theme has. Yellow and blue are distinguishable for all colour vision.
 */
const STYLES: Readonly<Record<Tone, Parameters<typeof styleText>[0] | null>> = {
  plain: null,
  strong: 'bold',
  faint: 'dim',
  good: 'green',
  bad: 'red',
  canary: 'yellow',
  stable: 'blue',
};

/** A line with terminal styles; ASCII only if the terminal does not support UTF-8. */
export function painted(line: Line, { utf8 }: { readonly utf8: boolean }): string {
  return line
    .map(({ text, tone }) => {
      const shown = utf8 ? text : inAscii(text);
      const style = STYLES[tone];
      // The caller decides about colours, not the process's stdout.
      return style === null || shown.trim() === ''
        ? shown
        : styleText(style, shown, { validateStream: false });
    })
    .join('');
}
