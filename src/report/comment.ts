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

/** GitHub accepts 65,536 characters. */
const MOST_BYTES = 60_000;

/**
 * The outcome of a release or of a dry run, in short, for a pull request or an issue. While the
 * release is in progress, the text stays the same, so that the comment is not updated at each
 * event.
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
  parts.push(`<sub>${link('The workflow run has all details', story.started?.runUrl ?? null)}.</sub>`);
  // Smaller headings than on a page.
  return parts.join('\n\n').replaceAll(/^##(?=#? )/gmu, '###');
}

function onItsWay(events: readonly Event[]): (story: Story) => Markdown[] {
  const { stage, inWords } = progressOf(events);
  return ({ started }) => {
    const service = escaped(nameOfArn(started?.service ?? 'The service'));
    return stage === 'rolling-back'
      ? [`## ↩️ ${service} is being rolled back`, escaped(inWords, 2_000)]
      : [`## ⏳ ${service} is being rolled out`];
  };
}
