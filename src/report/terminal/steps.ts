import type { Story } from '../story.ts';
import { storyEnd } from '../story.ts';
import { type Line, type Span, type Tone, padded, span, widthOf } from './line.ts';

/** The largest distance between two steps. */
const WIDEST = 14;

/** The steps with their state; empty before the steps are known. */
export function drawSteps(story: Story, columns: number): Line[] {
  const percents = story.rollout?.steps ?? story.planned?.steps ?? [];
  if (percents.length === 0 || story.rollout?.undone) return [];
  const marks = shownMarks(percents, story, columns);
  const distance = Math.max(2, Math.min(WIDEST, Math.floor((columns - 2) / marks.length)));
  return [
    [span('  '), ...marks.map(({ name, tone }) => span(padded(name, distance), tone))],
    [span('  '), ...marks.flatMap((mark, index) => drawn(mark, marks[index + 1], distance))],
  ];
}

interface StepMark {
  readonly name: string;
  readonly state: 'passed' | 'here' | 'undone' | 'ahead';
  readonly tone: Tone;
}

const TONES = { passed: 'good', here: 'canary', undone: 'bad', ahead: 'faint' } as const;
const SIGNS = { passed: '●', here: '◉', undone: '✗', ahead: '○' } as const;
/** The least width of a step. If not all steps fit, only those near the current step are shown. */
const NARROWEST = 6;

function shownMarks(percents: readonly number[], story: Story, columns: number): StepMark[] {
  const marks = percents.map((percent): StepMark => {
    const state = stateOf(percent, story);
    return { name: `${percent}%`, state, tone: TONES[state] };
  });
  const room = Math.max(2, Math.floor((columns - 2) / NARROWEST));
  if (marks.length <= room) return marks;
  const at = marks.findLastIndex(({ state }) => state !== 'ahead');
  const from = Math.max(0, Math.min(at - 1, marks.length - room));
  const kept = marks.slice(from, from + room);
  // The last step is always shown.
  return [...kept.slice(0, -1), marks.at(-1)!];
}

function stateOf(percent: number, story: Story): StepMark['state'] {
  const step = story.steps.findLast((each) => each.percent === percent);
  if (step === undefined) return 'ahead';
  if (step.end === 'undone') return 'undone';
  if (step.end === 'passed') return 'passed';
  if (story.finished === null) return 'here';
  return storyEnd(story).outcome === 'deployed' ? 'passed' : 'undone';
}

function drawn({ state, tone }: StepMark, next: StepMark | undefined, distance: number): Span[] {
  const sign = SIGNS[state];
  if (next === undefined) return [span(sign, tone)];
  const isWalked = state === 'passed' && next.state !== 'ahead';
  const way = (isWalked ? '━' : '─').repeat(distance - widthOf(sign));
  return [span(sign, tone), span(way, isWalked ? 'good' : 'faint')];
}
