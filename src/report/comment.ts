import type { Event } from '../core/trail/event.ts';
import { nameOfArn } from '../core/arn.ts';
import { bytes, escaped, link, type Markdown } from './markdown.ts';
import { progressOf } from './progress.ts';
import { storyOf, type Story } from './story.ts';
import { changesSection } from './summary/changes.ts';
import { comparison } from './summary/comparison.ts';
import { stoppedTasks } from './summary/diagnosis.ts';
import { facts } from './summary/facts.ts';
import { headline } from './summary/headline.ts';
import { nextSteps } from './summary/next-steps.ts';

/** GitHub takes 65,536 characters. */
const MOST_BYTES = 60_000;

/**
 * What became of a release, or what would, in short: for a pull request or an issue. The run's page has the rest; of what is under way too,
 * so that the comment is not written anew with each event.
 */
export function renderComment(events: readonly Event[]): Markdown {
  const story = storyOf(events);
  const shown = story.finished
    ? [
        headline,
        nextSteps,
        facts,
        comparison,
        stoppedTasks,
        ...(story.started?.dryRun ? [changesSection] : []),
      ]
    : [onItsWay(events)];
  const parts: Markdown[] = [];
  for (const part of shown.map((part) => part(story).join('\n\n'))) {
    if (part !== '' && bytes([...parts, part].join('\n\n')) <= MOST_BYTES) parts.push(part);
  }
  parts.push(`<sub>${link('The whole story is in the run', story.started?.runUrl ?? null)}.</sub>`);
  // Among comments the headings of a page are too loud.
  return parts.join('\n\n').replaceAll(/^##(?=#? )/gmu, '###');
}

function onItsWay(events: readonly Event[]): (story: Story) => Markdown[] {
  const { stage, inWords } = progressOf(events);
  return ({ started }) => {
    const service = escaped(nameOfArn(started?.service ?? 'The service'));
    return stage === 'rolling-back'
      ? [`## ↩️ ${service} is being rolled back`, escaped(inWords, 2_000)]
      : [`## ⏳ ${service} is on its way to production`];
  };
}
