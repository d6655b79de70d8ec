import type { Event } from '../core/trail/event.ts';
import { nameOfArn } from '../core/arn.ts';
import { plainText } from '../core/plain-text.ts';
import { explainingLine } from './log-line.ts';
import { exitCodeInWords } from './words.ts';
import { storyEnd, storyOf, type Story } from './story.ts';
import { isLive } from '../core/trail/outcome.ts';

export interface Annotation {
  readonly level: 'notice' | 'warning' | 'error';
  readonly title: string;
  readonly message: string;
}

/** One annotation for each cause, the outcome first. No duplicates: GitHub shows only a few. */
export function annotations(events: readonly Event[]): Annotation[] {
  const story = storyOf(events);
  const service = plainText(nameOfArn(story.started?.service ?? 'ecs-ramp'), 100);
  const { outcome, reason } = storyEnd(story);
  const told = new Map<string, Annotation>();
  const annotate = (level: Annotation['level'], title: string, text: string) => {
    const message = plainText(text);
    if (!told.has(message)) told.set(message, { level, title, message });
  };

  // If there are error notices, the reason of a failed run only counts them.
  const causes = story.notices.filter(({ level }) => level === 'error');
  const bad = !isLive(outcome);
  if (bad && !(outcome === 'failed' && causes.length > 0))
    annotate('error', `${service}: ${outcome}`, withFirstStoppedTask(reason, story));
  for (const { level, message } of story.notices)
    if (!bad || outcome === 'failed' || !reason.includes(message)) annotate(level, service, message);
  return [...told.values()];
}

function withFirstStoppedTask(reason: string, story: Story): string {
  const task = story.diagnosed?.stoppedTasks[0];
  if (!task) return reason;
  const exits = task.containers.flatMap(({ name, exitCode }) =>
    exitCode ? `${name}: ${exitCodeInWords(exitCode)}` : [],
  );
  const line = explainingLine(story);
  const log = line === null ? '' : ` Its log: ${line}`;
  return `${reason} A task stopped: ${[task.reason, ...exits].join(', ')}.${log}`;
}
