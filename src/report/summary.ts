import type { Event } from '../trail/event.ts';
import { logLines } from './log.ts';
import { bytes, folded, type Markdown } from './markdown.ts';
import { storyOf } from './story.ts';
import { changes } from './summary/changes.ts';
import { comparison } from './summary/comparison.ts';
import { containerLog, diagnosis, newest } from './summary/diagnosis.ts';
import { facts } from './summary/facts.ts';
import { headline } from './summary/headline.ts';
import { nextSteps } from './summary/next-steps.ts';
import { timeline } from './summary/timeline.ts';
import { counted } from './words.ts';

/** GitHub takes 1 MiB a step and shows nothing of a longer summary; the rest is for what others of the step may add. */
const MOST_BYTES = 1_000_000;

/**
 * The job summary as GitHub's Markdown. Of a trail that stops in the middle it says what was last known. Never longer than GitHub
 * shows: the trail goes first, then the container's log, the oldest lines of each first; all other parts are bounded in themselves.
 */
export function renderSummary(events: readonly Event[]): Markdown {
  const story = storyOf(events);
  const above = [headline, nextSteps, facts, timeline, comparison, diagnosis].flatMap((part) => part(story));
  const below = changes(story);
  let room = MOST_BYTES - bytes(joined([...above, ...below])) - NOTES;

  const log = containerLog(story, room);
  room -= bytes(joined(log));
  const trail = newest(events.flatMap(logLines), room);
  const title = `Event trail: ${counted(events.length, 'event')}`;
  return `${joined([...above, ...log, ...below, folded(title, trail)])}\n`;
}

/** For headings, notes and line breaks between the parts. */
const NOTES = 2_000;

function joined(parts: readonly Markdown[]): Markdown {
  return parts.join('\n\n');
}
