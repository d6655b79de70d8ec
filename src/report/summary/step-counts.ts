import type { Minute } from '../../judge/recording.ts';
import type { StepStory, Story } from '../story.ts';

/** The periods of a step, each in one of three parts. */
export interface StepCounts {
  readonly step: StepStory;
  /** Shown, but not judged. */
  readonly warmUp: readonly Minute[];
  /** What the verdict about the step is based on. */
  readonly judged: readonly Minute[];
  /** After the verdict: on the way to the next step, or back. */
  readonly after: readonly Minute[];
}

/** The periods of the recording by step: each belongs to exactly one part of one step. Pure. */
export function countsByStep(story: Story): readonly StepCounts[] {
  const { evaluation, steps } = story;
  if (!evaluation) return steps.map((step) => ({ step, warmUp: [], judged: [], after: [] }));
  const isJudged = new Map(evaluation.evidence.map(({ t, judged }) => [t, judged]));
  const starts = steps.map((step) => startOf(step, evaluation));
  return steps.map((step, index) => {
    const from = index === 0 ? -Infinity : starts[index]!;
    const to = starts[index + 1] ?? Infinity;
    const known = step.end === 'open' ? Infinity : (step.judgedUntil ?? Infinity);
    const minutes = evaluation.minutes.filter(({ t }) => t >= from && t < to);
    const [before, after] = [minutes.filter(({ t }) => t <= known), minutes.filter(({ t }) => t > known)];
    const judged = before.filter(({ t }) => isJudged.get(t) !== false);
    // A catastrophe is decided by the periods of the warm-up.
    if (judged.length === 0) return { step, warmUp: [], judged: before, after };
    return { step, warmUp: before.filter((minute) => !judged.includes(minute)), judged, after };
  });
}

/** Where the traffic goes after the verdict about a step: `Way to 30%`, or `Way back`. Pure. */
export function wayOf({ percent, end }: StepStory, { rollout, planned, steps }: Story): string {
  const plan = rollout?.steps ?? planned?.steps ?? steps.map((step) => step.percent);
  const next = end === 'undone' ? undefined : plan.find((each) => each > percent);
  return next === undefined ? 'Way back' : `Way to ${next}%`;
}

/** The first period of a step, as the judge counts it; otherwise the first whose middle is in it. */
function startOf({ percent, begunAt }: StepStory, evaluation: NonNullable<Story['evaluation']>): number {
  const { origin, period, steps = [] } = evaluation;
  return (
    steps.find((step) => step.percent === percent)?.at ??
    Math.ceil((begunAt - origin) / (period * 1_000) - 0.5)
  );
}
