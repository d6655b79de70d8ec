import type { Story } from '../story.ts';
import { evidenceInWords } from '../words.ts';
import { type Line, type Tone, type Words, padded, span, wrapped } from './line.ts';

const MOST_LINES = 3;

/** The evidence against and for the new revision with the limits, and the reason of the judge. */
export function evidence({ evaluation, rollback, finished }: Story, words: Words, columns: number): Line[] {
  if (!evaluation || finished) return [];
  const because = wrapped(words(evaluation.because), columns - 2, MOST_LINES);
  const judged = evaluation.evidence.findLast(({ judged }) => judged);
  // Evidence for an earlier step does not count for this one.
  const isOfThisStep = (judged?.t ?? 0) >= (evaluation.steps?.at(-1)?.at ?? 0);
  const limit = 1 / (evaluation.settings?.falseAlarmRate ?? 0.01);
  const against: Weighed = { name: 'against it', enough: limit, leads: 'rolls back', tone: 'bad' };
  const bars = judged
    ? [bar(against, judged.total, columns), bar(GOOD, isOfThisStep ? judged.good : 1, columns)]
    : [];
  return [...bars, ...(rollback ? [] : because.map((line): Line => [span(`  ${line}`)]))];
}

interface Weighed {
  readonly name: string;
  readonly enough: number;
  readonly leads: string;
  readonly tone: Tone;
}

const GOOD: Weighed = { name: 'for it', enough: 20, leads: 'continues', tone: 'good' };

/** Draws the logarithm, because e-values multiply. 1 or less is an empty bar. */
function bar({ name, enough, leads, tone }: Weighed, value: number, columns: number): Line {
  const figure = `${padded(inFigures(value), 5, 'right')}, ${leads} at ${inFigures(enough)}`;
  const length = Math.min(30, columns - 2 - 12 - 2 - figure.length);
  const share = Math.min(1, Math.max(0, Math.log(Math.max(1, value)) / Math.log(enough)));
  const full = Math.floor(share * Math.max(0, length));
  const drawn =
    length < 6 ? [] : [span('█'.repeat(full), tone), span('░'.repeat(length - full), 'faint'), span('  ')];
  return [span(padded(`  ${name}`, 14), 'faint'), ...drawn, span(figure)];
}

function inFigures(value: number): string {
  return value > 1e6 ? '>1M' : evidenceInWords(value);
}
