import type { Event } from '../core/trail/event.ts';
import { logLines } from './log.ts';
import { bytes, folded, type Markdown } from './markdown.ts';
import { storyOf } from './story.ts';
import { changesSection } from './summary/changes.ts';
import { comparison } from './summary/comparison.ts';
import { containerLog, newest, serviceEvents, stoppedTasks } from './summary/diagnosis.ts';
import { facts } from './summary/facts.ts';
import { headline } from './summary/headline.ts';
import { nextSteps } from './summary/next-steps.ts';
import { timeline } from './summary/timeline.ts';
import { quantity } from '../core/quantity.ts';

/** GitHub drops summaries of more than 1 MiB per step; this leaves room for other summaries. */
export const MOST_BYTES = 1_000_000;

/**
 * The job summary as GitHub's Markdown, also for a trail without an end. At most `mostBytes` long:
 * to fit, it omits first the oldest lines of the trail, then of the container log, then whole parts
 * from the end. Several summaries in one step share the limit of the step.
 */
export function renderSummary(events: readonly Event[], mostBytes = MOST_BYTES): Markdown {
  const story = storyOf(events);
  const parts = [
    headline,
    nextSteps,
    facts,
    timeline,
    comparison,
    stoppedTasks,
    serviceEvents,
    changesSection,
  ].map((part) => joined(part(story)));
  let room = mostBytes - AROUND;
  const kept = parts.map((part) => {
    if (bytes(part) > room) return '<i>A part is left out here: the summary would be too long.</i>';
    room -= bytes(part);
    return part;
  });

  const log = joined(containerLog(story, room));
  room -= bytes(log);
  const trail = newest(events.flatMap(logLines), Math.max(0, room));
  // The log explains the stopped tasks: place it after them.
  kept.splice(parts.length - 2, 0, log);
  kept.push(folded(`Event trail: ${quantity(events.length, 'event')}`, trail));
  return `${joined(kept.filter((part) => part !== ''))}\n`;
}

/** Bytes for headings, notes, fences and line breaks around the parts. */
const AROUND = 10_000;

function joined(parts: readonly Markdown[]): Markdown {
  return parts.join('\n\n');
}
