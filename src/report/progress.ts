import { releaseInWords } from './release.ts';
import type { Event, OutcomeName } from '../core/trail/event.ts';
import { plainText } from '../core/plain-text.ts';
import { storyOf, type Story } from './story.ts';
import { durationInWords } from './words.ts';

/** The progress of a release in one line. */
export interface Progress {
  readonly stage: 'preparing' | 'rolling-out' | 'rolling-back' | OutcomeName;
  /** Plain text on one line, without the service's name: `30%: waiting for evidence`. */
  readonly inWords: string;
}

export function progressOf(events: readonly Event[]): Progress {
  const story = storyOf(events);
  const { stage, inWords } = story.finished ? ended(story, story.finished) : underWay(story);
  return { stage, inWords: plainText(inWords) };
}

function underWay({ isReturn, rollout, rollback, steps, gates }: Story): Progress {
  const percent = steps.at(-1)?.percent;
  if (rollback?.cause === 'request' && isReturn)
    return { stage: 'rolling-back', inWords: 'the old revision is getting its traffic back' };
  if (rollback) return { stage: 'rolling-back', inWords: `rolling back${at(rollback)}: ${rollback.reason}` };
  if (!rollout) {
    const inWords = isReturn ? 'being checked' : 'being built and checked';
    return { stage: 'preparing', inWords };
  }
  const closed = gates.find((gate) => gate.percent === (percent ?? 0) && gate.passed === null);
  if (closed) return { stage: 'rolling-out', inWords: `${closed.percent}%: waiting for ${closed.gate}` };
  const inWords =
    percent === undefined
      ? 'the new tasks are starting'
      : percent === 100
        ? '100%: the old revision is kept for the time of keep-old'
        : `${percent}%: waiting for evidence`;
  return { stage: 'rolling-out', inWords };
}

function ended(story: Story, finished: NonNullable<Story['finished']>): Progress {
  const { outcome, reason, took } = finished;
  const { rollback, started, isReturn } = story;
  if (isReturn) return { stage: outcome, inWords: returned(story, finished) };
  const inWords = {
    deployed: `deployed after ${durationInWords(took)}`,
    unchanged: started?.dryRun
      ? 'dry run: the release would be deployed'
      : 'unchanged: the service already runs this release',
    'rolled-back': `rolled back${rollback ? at(rollback) : ''}: ${reason}`,
    dirty: `manual action is required: ${reason}`,
    failed: `not deployed, production was not touched: ${reason}`,
  }[outcome];
  return { stage: outcome, inWords };
}

/** The outcome of a rollback command. */
function returned({ returning }: Story, { outcome, reason, took }: NonNullable<Story['finished']>): string {
  const earlier = returning ? releaseInWords(returning.to) : 'the earlier release';
  return {
    deployed: `back on ${earlier} after ${durationInWords(took)}`,
    unchanged: 'unchanged: there was nothing to roll back',
    'rolled-back': `the rollback to ${earlier} was itself rolled back: ${reason}`,
    dirty: `manual action is required: ${reason}`,
    failed: `not rolled back, nothing was changed: ${reason}`,
  }[outcome];
}

function at({ percent }: { readonly percent: number }): string {
  return percent > 0 ? ` at ${percent}%` : '';
}
