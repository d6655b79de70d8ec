import { escapedHtml } from '../src/report/html/from-markdown.ts';
import { type Line, type Tone, textOf, widthOf } from '../src/report/terminal/line.ts';

const CELL = { width: 8.4, height: 19 } as const;
const EDGE = 16;
/** A dark background, which is readable on light and dark pages. */
const GROUND = '#0d1117';
const COLOURS: Readonly<Record<Tone, string>> = {
  plain: '#e6edf3',
  strong: '#ffffff',
  faint: '#7d8590',
  good: '#3fb950',
  bad: '#ff7b72',
  canary: '#e3b341',
  stable: '#79c0ff',
};

/** An SVG of a terminal with these lines. Every span has the width of its cells in any font. */
export function terminalPicture(lines: readonly Line[], columns: number): string {
  const width = columns * CELL.width + 2 * EDGE;
  const height = lines.length * CELL.height + 2 * EDGE;
  const rows = lines.map((line, row) => rowOf(line, EDGE + (row + 0.75) * CELL.height));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">
<title>${escapedHtml(lines.map(textOf).find((line) => line.startsWith('──')) ?? 'A terminal')}</title>
<rect width="${width}" height="${height}" rx="8" fill="${GROUND}"/>
${rows.filter((row) => row !== '').join('\n')}
</svg>
`;
}

function rowOf(line: Line, y: number): string {
  let column = 0;
  const texts = line.map(({ text, tone }) => {
    const from = column + (text.length - text.trimStart().length);
    column += widthOf(text);
    const shown = text.trim();
    if (shown === '') return '';
    const x = (EDGE + from * CELL.width).toFixed(1);
    const length = (widthOf(shown) * CELL.width).toFixed(1);
    const weight = tone === 'strong' ? ' font-weight="bold"' : '';
    return `<text x="${x}" y="${y.toFixed(1)}" textLength="${length}" lengthAdjust="spacingAndGlyphs" fill="${COLOURS[tone]}"${weight} xml:space="preserve">${escapedHtml(shown)}</text>`;
  });
  return texts.join('');
}
