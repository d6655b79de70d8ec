import type { Event } from '../../core/trail/event.ts';
import { type Story, type EventOf } from '../story.ts';
import { CAUSES, durationInWords, timeOfDay } from '../words.ts';
import { type Line, type Words, span, wrapped } from './line.ts';

const MOST_LINES = 3;

/** What is rolled back and why; what the run waits for, until when, and what happens otherwise. */
export function awaited(
  { events, story }: { readonly events: readonly Event[]; readonly story: Story },
  { now, words, columns }: { readonly now: number; readonly words: Words; readonly columns: number },
): Line[] {
  if (story.finished) return [];
  const waiting = waitingOf(events);
  return [
    ...undoing(story, words).flatMap((text) => linesOf(text, 'bad')),
    ...(waiting ? linesOf(inWords(waiting, now, words), 'strong') : []),
  ];

  function linesOf(text: string, tone: 'bad' | 'strong'): Line[] {
    return wrapped(text, columns - 2, MOST_LINES).map((line) => [span(`  ${line}`, tone)]);
  }
}

/** The last `waiting` event, unless it is over. */
function waitingOf(events: readonly Event[]): EventOf<'waiting'> | null {
  const last = events.findLast(({ kind }) => !BESIDES.has(kind));
  return last?.kind === 'waiting' ? last : null;
}

/** Events that do not end a wait. */
const BESIDES: ReadonlySet<Event['kind']> = new Set(['evaluated', 'notice', 'diagnosed', 'cancel-requested']);

function undoing({ rollback }: Story, words: Words): string[] {
  if (!rollback) return [];
  return [`rolling back from ${rollback.percent}%, ${CAUSES[rollback.cause]}: ${words(rollback.reason)}`];
}

function inWords({ what, since, until, otherwise }: EventOf<'waiting'>, now: number, words: Words): string {
  const waited = `waiting for ${words(what)}, ${durationInWords(Math.max(0, now - since))}`;
  if (until === null) return waited;
  const left = until - now;
  const end =
    left > 0 ? `until ${timeOfDay(until)} UTC (${durationInWords(left)} left)` : 'the time limit has passed';
  return `${waited}, ${end}${otherwise === null ? '' : `, then ${words(otherwise)}`}`;
}
