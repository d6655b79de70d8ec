import { plainText } from '../../core/plain-text.ts';

/** The meaning of a piece of text; `paint.ts` maps it to a style. */
export type Tone = 'plain' | 'strong' | 'faint' | 'good' | 'bad' | 'canary' | 'stable';

export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** One line of a screen. Without control characters: foreign text passes through `Words`. */
export type Line = readonly Span[];

/** Sanitizes foreign text, on one line. */
export type Words = (foreign: string) => string;

export const plainWords: Words = (foreign) => plainText(foreign);

export function span(text: string, tone: Tone = 'plain'): Span {
  return { text, tone };
}

export function textOf(line: Line): string {
  return line.map(({ text }) => text).join('');
}

/** The width in terminal columns: two for wide characters, none for combining characters. */
export function widthOf(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  for (const sign of text) width += columnsOf(sign);
  return width;
}

/** The line cut to `columns`, with an ellipsis if it is cut. */
export function cutTo(line: Line, columns: number): Line {
  if (widthOf(textOf(line)) <= columns) return line;
  const kept: Span[] = [];
  let left = columns - 1;
  for (const { text, tone } of line) {
    const fitting = beginning(text, left);
    if (fitting !== '') kept.push({ text: fitting, tone });
    left -= widthOf(fitting);
    if (fitting !== text) break;
  }
  return columns < 1 ? [] : [...kept, span('…', 'faint')];
}

/** Removes trailing blanks: a terminal that becomes narrower would wrap the line. */
export function trimmed(line: Line): Line {
  const last = line.findLastIndex(({ text }) => text.trim() !== '');
  return line
    .slice(0, last + 1)
    .map(({ text, tone }, index) => ({ text: index === last ? text.trimEnd() : text, tone }));
}

/** Pads the text to `columns`; `side` is where the text is. */
export function padded(text: string, columns: number, side: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, columns - widthOf(text)));
  return side === 'left' ? text + space : space + text;
}

/** Wraps the text to `columns`, at most `most` lines; an ellipsis marks omitted words. */
export function wrapped(text: string, columns: number, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= columns) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  const shown = lines.slice(0, most);
  const lost = lines.length > most;
  return shown.map((line, index) => {
    const whole = lost && index === most - 1 ? `${line} …` : line;
    return textOf(cutTo([span(whole)], columns));
  });
}

/** For ASCII terminals: replaces each character with ASCII of the same width. */
export function inAscii(text: string): string {
  return text.replaceAll(/[^\x20-\x7E]/gu, (sign) => {
    const index = DRAWN.indexOf(sign);
    return index < 0 ? '?'.repeat(columnsOf(sign)) : INSTEAD.charAt(index);
  });
}

/** The characters that the screen uses, and their ASCII replacements. */
const DRAWN = '●◉○✗━─█░▁▂▃▄▅▆▇…–·→‘’“”';
const INSTEAD = `*@ox=-#._.:-=+*~-->''""`;

function beginning(text: string, columns: number): string {
  let width = 0;
  let kept = '';
  for (const sign of text) {
    width += columnsOf(sign);
    if (width > columns) break;
    kept += sign;
  }
  return kept;
}

function columnsOf(sign: string): number {
  if (NARROW.test(sign)) return 1;
  if (OVER_THE_LAST.test(sign)) return 0;
  return WIDE.test(sign) ? 2 : 1;
}

/** Fast path: ASCII, lines and blocks. */
const NARROW = /^[\x20-\x7E\u2500-\u25FF]*$/u;
const OVER_THE_LAST = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]$/u;
/** East Asian scripts and their punctuation, and emoji. */
const WIDE =
  /^[\p{Emoji_Presentation}\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]$/u;
