import type { Event, OutcomeName } from '../core/trail/event.ts';
import { durationInWords, shareInWords, timeOfDay } from './words.ts';

type Kind = Event['kind'];
export type EventOf<K extends Kind> = Extract<Event, { kind: K }>;

/** The trail by kind of event, for rendering. `null` if the event did not happen (yet). */
export interface Story {
  readonly started: EventOf<'started'> | null;
  readonly inspected: EventOf<'service-inspected'> | null;
  readonly built: EventOf<'built'> | null;
  readonly pushed: EventOf<'pushed'> | null;
  readonly taskDefinition: EventOf<'task-definition-ready'> | null;
  readonly planned: EventOf<'planned'> | null;
  /** The plan of a rollback, or of a release of the old revision that is still kept. */
  readonly returning: EventOf<'rollback-planned'> | null;
  /** The run goes back to an earlier release. */
  readonly isReturn: boolean;
  readonly rollout: EventOf<'rollout-started'> | null;
  readonly smokeTests: readonly EventOf<'smoke-tested'>[];
  readonly steps: readonly StepStory[];
  readonly gates: readonly GateStory[];
  /** The last evaluation with data: it contains the whole recording. */
  readonly evaluation: EventOf<'evaluated'> | null;
  readonly rollback: EventOf<'rollback-requested'> | null;
  readonly diagnosed: EventOf<'diagnosed'> | null;
  readonly notices: readonly EventOf<'notice'>[];
  readonly finished: EventOf<'finished'> | null;
  readonly last: Event | null;
}

export interface StepStory {
  readonly percent: number;
  readonly begunAt: number;
  /** When ECS rolls back if ecs-ramp does not answer; `null` at 100%. */
  readonly deadline: number | null;
  /** `null` if the trail ends within the step. */
  readonly endedAt: number | null;
  readonly end: 'passed' | 'undone' | 'open';
  /** Why it passed or was rolled back, else its last evaluation; `null` if there was none. */
  readonly because: string | null;
  /** The last period that the last evaluation of the step knew; `null` if there was none. */
  readonly judgedUntil: number | null;
}

export interface GateStory {
  readonly percent: number;
  readonly gate: string;
  readonly begunAt: number;
  /** `null` if the gate did not pass. */
  readonly passed: EventOf<'gate-passed'> | null;
}

export function storyOf(events: readonly Event[]): Story {
  return {
    started: last(events, 'started'),
    inspected: last(events, 'service-inspected'),
    built: last(events, 'built'),
    pushed: last(events, 'pushed'),
    taskDefinition: last(events, 'task-definition-ready'),
    planned: last(events, 'planned'),
    returning: last(events, 'rollback-planned'),
    isReturn: last(events, 'started')?.command === 'rollback' || last(events, 'rollback-planned') !== null,
    rollout: last(events, 'rollout-started'),
    smokeTests: all(events, 'smoke-tested'),
    steps: stepsOf(events),
    gates: gatesOf(events),
    evaluation:
      all(events, 'evaluated').findLast((look) => look.minutes.length > 0) ?? last(events, 'evaluated'),
    rollback: last(events, 'rollback-requested'),
    diagnosed: last(events, 'diagnosed'),
    notices: all(events, 'notice'),
    finished: last(events, 'finished'),
    last: events.at(-1) ?? null,
  };
}

export interface StoryEnd {
  readonly outcome: OutcomeName;
  readonly reason: string;
  /** `false` if the run was killed: then the outcome is derived from the last events. */
  readonly told: boolean;
}

/** A trail without an end is `dirty` if production may have been touched, otherwise `failed`. */
export function storyEnd(story: Story): StoryEnd {
  if (story.finished) return { outcome: story.finished.outcome, reason: story.finished.reason, told: true };
  const lastKnown = story.last
    ? `The run ended without reporting an outcome. Its last event was at ${timeOfDay(story.last.at)} UTC.`
    : 'The run ended before it recorded any event.';
  if (!story.rollout)
    return { outcome: 'failed', reason: `${lastKnown} Production was not touched.`, told: false };

  if (story.planned?.rolling) {
    const safety = story.rollback
      ? 'A rollback was requested; whether it completed is not known.'
      : 'ECS continues the rolling update by itself, and nothing monitors it.';
    return { outcome: 'dirty', reason: `${lastKnown} ${safety}`, told: false };
  }
  const step = story.steps.at(-1);
  const traffic = step
    ? `At that time, ${step.percent}% of ${shareInWords(story.planned)} went to the new revision.`
    : 'At that time, no production traffic went to the new revision.';
  const safety = story.rollback
    ? 'A rollback was requested; whether it completed is not known.'
    : step?.percent === 100 && step.deadline === null
      ? 'Only the end of the time of keep-old was outstanding.'
      : rollsBackByItself(step, story.rollout);
  return { outcome: 'dirty', reason: `${lastKnown} ${traffic} ${safety}`, told: false };
}

/** A step that has passed has no pause any more: the time of its end says nothing. */
function rollsBackByItself(step: StepStory | undefined, { hookTimeout }: EventOf<'rollout-started'>): string {
  if (step?.end === 'open' && step.deadline !== null)
    return `ECS rolls back by itself at ${timeOfDay(step.deadline)} UTC, when its pause ends.`;
  return hookTimeout === null
    ? 'ECS continues the deployment by itself.'
    : `ECS rolls back by itself no later than ${durationInWords(hookTimeout)} after its next pause starts.`;
}

function stepsOf(events: readonly Event[]): StepStory[] {
  const steps: StepStory[] = [];
  /** Changes the current step, if there is one. */
  const amend = (change: Partial<StepStory>) => {
    const step = steps.at(-1);
    if (step?.end === 'open') steps[steps.length - 1] = { ...step, ...change };
  };
  for (const event of events) {
    if (event.kind === 'step-started' && steps.at(-1)?.percent !== event.percent) {
      amend({ endedAt: event.at, end: 'passed' });
      steps.push({
        percent: event.percent,
        begunAt: event.at,
        deadline: event.deadline,
        endedAt: null,
        end: 'open',
        because: null,
        judgedUntil: null,
      });
    } else if (event.kind === 'evaluated')
      amend({ because: event.because, judgedUntil: event.evidence.at(-1)?.t ?? null });
    else if (event.kind === 'step-passed')
      amend({ endedAt: event.at, end: 'passed', because: event.because });
    else if (event.kind === 'rollback-requested')
      amend({ endedAt: event.at, end: 'undone', because: event.reason });
    else if (event.kind === 'finished')
      amend({ endedAt: event.at, end: event.outcome === 'deployed' ? 'passed' : 'open' });
  }
  return steps;
}

function gatesOf(events: readonly Event[]): GateStory[] {
  return all(events, 'gate-waiting').map(({ percent, gate, at }) => ({
    percent,
    gate,
    begunAt: at,
    passed: all(events, 'gate-passed').find((each) => each.percent === percent && each.gate === gate) ?? null,
  }));
}

function all<K extends Kind>(events: readonly Event[], kind: K): EventOf<K>[] {
  return events.filter((event): event is EventOf<K> => event.kind === kind);
}

function last<K extends Kind>(events: readonly Event[], kind: K): EventOf<K> | null {
  return all(events, kind).at(-1) ?? null;
}
