import type { Event } from '../../core/trail/event.ts';
import { nameOfArn } from '../../core/arn.ts';
import { type Story, storyOf } from '../story.ts';
import { durationInWords, shareInWords } from '../words.ts';
import { arms } from './arms.ts';
import { awaited } from './awaited.ts';
import { evidence } from './evidence.ts';
import { drawSteps } from './steps.ts';
import { type Line, type Tone, type Words, cutTo, plainWords, span, trimmed, widthOf } from './line.ts';
import { isLive } from '../../core/trail/outcome.ts';

export interface View {
  readonly now: number;
  /** The size of the terminal. The screen never exceeds it. */
  readonly columns: number;
  readonly rows?: number;
  /** Sanitizes foreign text; may also mask secrets. */
  readonly words?: Words;
}

/** Wider lines are hard to read. */
const WIDEST = 100;

/**
 * The screen that shows a rollout in a terminal, redrawn at each change. Depends only on the events
 * and the time. Omits the least important parts if the terminal has too few rows. Pure.
 */
export function terminalScreen(events: readonly Event[], view: View): Line[] {
  const { now, words = plainWords, rows = Infinity } = view;
  const columns = Math.min(WIDEST, view.columns);
  const story = storyOf(events);
  const parts: Part[] = [
    { lines: [headline(story, { now, words, columns })], need: 5 },
    { lines: drawSteps(story, columns), need: 4 },
    { lines: arms(story, columns), need: 1 },
    { lines: evidence(story, words, columns), need: 2 },
    { lines: awaited({ events, story }, { now, words, columns }), need: 3 },
  ];
  const filled = parts.filter(({ lines }) => lines.length > 0);
  const screen = fitting(filled, Math.max(1, rows - 1));
  // A rule separates the screen from the output below.
  const rule: Line = [span('─'.repeat(columns), 'faint')];
  return [...screen, ...(screen.length < rows ? [rule] : [])].map((line) => cutTo(trimmed(line), columns));
}

interface Part {
  readonly lines: readonly Line[];
  /** The importance: parts with a lower number are omitted first. */
  readonly need: number;
}

/** Adds empty lines between the parts if they fit. */
function fitting(parts: readonly Part[], rows: number): Line[] {
  const whole = parts.flatMap(({ lines }, index) => (index === 0 ? lines : [[], ...lines]));
  if (whole.length <= rows) return whole;
  const dense = parts.flatMap(({ lines }) => lines);
  if (dense.length <= rows || parts.length <= 1) return dense.slice(0, Math.max(0, rows));
  const least = Math.min(...parts.map(({ need }) => need));
  return fitting(
    parts.filter(({ need }) => need !== least),
    rows,
  );
}

interface Shown {
  readonly now: number;
  readonly words: Words;
  readonly columns: number;
}

/** The service, its state, and the elapsed time. */
function headline(story: Story, { now, words, columns }: Shown): Line {
  const { started, finished } = story;
  const [where, tone] = stateOf(story);
  const service = words(nameOfArn(started?.service ?? 'service'));
  const cluster = started ? ` on ${words(nameOfArn(started.cluster))}` : '';
  const took = durationInWords(finished?.took ?? Math.max(0, now - (started?.at ?? now)));
  const left: Line = [
    span('── ', 'faint'),
    span(service, 'strong'),
    span(cluster),
    span(' ─ ', 'faint'),
    span(where, tone),
  ];
  const room = columns - widthOf(took) - 4;
  const cutLeft = cutTo(left, Math.max(0, room - 2));
  const used = cutLeft.reduce((sum, { text }) => sum + widthOf(text), 0);
  return [
    ...cutLeft,
    span(` ${'─'.repeat(Math.max(0, room - used))} `, 'faint'),
    span(took),
    span(' ─', 'faint'),
  ];
}

function stateOf({
  started,
  finished,
  rollback,
  steps,
  rollout,
  built,
  isReturn,
  planned,
}: Story): readonly [string, Tone] {
  if (finished) {
    return [finished.outcome, isLive(finished.outcome) ? 'good' : 'bad'];
  }
  if (rollback || rollout?.undone) return ['rolling back', 'bad'];
  const percent = steps.at(-1)?.percent;
  if (percent !== undefined) return [`${percent}% of ${shareInWords(planned)}`, 'canary'];
  if (rollout) return ['starting the new revision', 'plain'];
  if (started?.dryRun) return ['dry run', 'plain'];
  if (isReturn) return ['rollback', 'plain'];
  return [built ? 'built' : 'preparing', 'plain'];
}
