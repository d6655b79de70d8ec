import type { ArmName } from '../../judge/recording.ts';
import { type Chart, COLOURS, GREY } from '../summary/charts.ts';

const WIDTH = 900;
const HEIGHT = 280;
/** Margins for titles and labels. */
const EDGE = { left: 70, right: 20, top: 40, bottom: 55 } as const;

/**
 * The chart as SVG. Uses attributes instead of styles, which published pages may block. The text
 * contains no foreign input.
 */
export function drawnChart({ title, unit, lines, top, axis }: Chart): string {
  const { labels } = axis;
  const inner = { width: WIDTH - EDGE.left - EDGE.right, height: HEIGHT - EDGE.top - EDGE.bottom };
  const x = (index: number) => EDGE.left + (inner.width * (index + 0.5)) / labels.length;
  const y = (value: number) => EDGE.top + inner.height * (1 - value / top);
  const bottom = y(0);

  const levels = levelsTo(top).map((level) => {
    const at = y(level).toFixed(1);
    return [
      `<line x1="${EDGE.left}" y1="${at}" x2="${WIDTH - EDGE.right}" y2="${at}" stroke="${GREY}" stroke-opacity="0.3"/>`,
      text(String(level), {
        x: EDGE.left - 8,
        y: Number(at) + 4,
        anchor: 'end',
      }),
    ].join('');
  });
  const steps = labels.map((label, index) => {
    if (label === null) return '';
    const at = x(index).toFixed(1);
    return [
      `<line x1="${at}" y1="${EDGE.top}" x2="${at}" y2="${bottom}" stroke="${GREY}" stroke-opacity="0.6" stroke-dasharray="3 4"/>`,
      text(label, { x: Number(at), y: bottom + 18 }),
    ].join('');
  });
  const plotted = (['stable', 'canary'] as const).map((arm) => plot(lines[arm], { arm, x, y }));

  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="sans-serif" font-size="13">`,
    `<title>${title}</title>`,
    text(title, { x: WIDTH / 2, y: 20, size: 16 }),
    text(unit, { x: 16, y: EDGE.top + inner.height / 2, turned: true }),
    text(axis.title, { x: EDGE.left + inner.width / 2, y: HEIGHT - 12 }),
    ...levels,
    ...steps,
    ...plotted,
    '</svg>',
  ].join('\n');
}

/** The levels of the grid lines, chosen to be round numbers. */
function levelsTo(top: number): readonly number[] {
  const parts = [5, 4, 3].find((parts) => isNear(top / parts, Number((top / parts).toPrecision(1)))) ?? 2;
  return Array.from({ length: parts + 1 }, (_, index) => Number(((top * index) / parts).toPrecision(3)));
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) < a / 1_000;
}

interface Plot {
  readonly arm: ArmName;
  readonly x: (index: number) => number;
  readonly y: (value: number) => number;
}

function plot(values: readonly number[], { arm, x, y }: Plot): string {
  const [only] = values;
  if (only === undefined) return '';
  // A line with a single point is invisible.
  if (values.length === 1) return `<circle cx="${x(0)}" cy="${y(only)}" r="3" fill="${COLOURS[arm]}"/>`;
  const points = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  return `<polyline points="${points}" fill="none" stroke="${COLOURS[arm]}" stroke-width="2" stroke-linejoin="round"/>`;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly anchor?: 'end' | 'middle';
  readonly size?: number;
  readonly turned?: boolean;
}

function text(words: string, { x, y, anchor = 'middle', size, turned = false }: Place): string {
  const turn = turned ? ` transform="rotate(-90 ${x} ${y})"` : '';
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${GREY}"${size ? ` font-size="${size}"` : ''}${turn}>${words}</text>`;
}
