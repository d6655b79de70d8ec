import type { Story } from '../story.ts';
import { storyEnd } from '../story.ts';
import { type Line, type Span, type Tone, padded, span, widthOf } from './line.ts';

/** Widest distance of two rungs: more only tears the ladder apart. */
const WIDEST = 14;

/** The steps, how far it has come, and where it was turned back; empty before the steps are known. */
export function drawLadder(story: Story, columns: number): Line[] {
  const percents = story.rollout?.steps ?? story.planned?.steps ?? [];
  if (percents.length === 0 || story.rollout?.undone) return [];
  const rungs = shownRungs(percents, story, columns);
  const distance = Math.max(2, Math.min(WIDEST, Math.floor((columns - 2) / rungs.length)));
  return [
    [span('  '), ...rungs.map(({ name, tone }) => span(padded(name, distance), tone))],
    [span('  '), ...rungs.flatMap((rung, index) => drawn(rung, rungs[index + 1], distance))],
  ];
}

interface Rung {
  readonly name: string;
  readonly state: 'passed' | 'here' | 'undone' | 'ahead';
  readonly tone: Tone;
}

const TONES = { passed: 'good', here: 'canary', undone: 'bad', ahead: 'faint' } as const;
const SIGNS = { passed: '●', here: '◉', undone: '✗', ahead: '○' } as const;
/** Of a long ladder where it stands, and what comes next. */
const NARROWEST = 6;

function shownRungs(percents: readonly number[], story: Story, columns: number): Rung[] {
  const rungs = percents.map((percent): Rung => {
    const state = stateOf(percent, story);
    return { name: `${percent}%`, state, tone: TONES[state] };
  });
  const room = Math.max(2, Math.floor((columns - 2) / NARROWEST));
  if (rungs.length <= room) return rungs;
  const at = rungs.findLastIndex(({ state }) => state !== 'ahead');
  const from = Math.max(0, Math.min(at - 1, rungs.length - room));
  const kept = rungs.slice(from, from + room);
  // The end stays in sight.
  return [...kept.slice(0, -1), rungs.at(-1)!];
}

function stateOf(percent: number, story: Story): Rung['state'] {
  const step = story.steps.findLast((each) => each.percent === percent);
  if (step === undefined) return 'ahead';
  if (step.end === 'undone') return 'undone';
  if (step.end === 'passed') return 'passed';
  if (story.finished === null) return 'here';
  return storyEnd(story).outcome === 'deployed' ? 'passed' : 'undone';
}

function drawn({ state, tone }: Rung, next: Rung | undefined, distance: number): Span[] {
  const sign = SIGNS[state];
  if (next === undefined) return [span(sign, tone)];
  const isWalked = state === 'passed' && next.state !== 'ahead';
  const way = (isWalked ? '━' : '─').repeat(distance - widthOf(sign));
  return [span(sign, tone), span(way, isWalked ? 'good' : 'faint')];
}
