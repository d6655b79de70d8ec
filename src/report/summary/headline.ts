import { releaseInWords } from '../release.ts';
import { nameOfArn } from '../../core/arn.ts';
import { explainingLine } from '../log-line.ts';
import { alert, code, escaped, type Markdown } from '../markdown.ts';
import { storyEnd, type Story, type EventOf } from '../story.ts';
import { durationInWords, stepsInWords, shareInWords, timeOfDay } from '../words.ts';

/** The outcome in one sentence, then the reason. */
export function headline(story: Story): Markdown[] {
  const { reason, outcome } = storyEnd(story);
  const why = escaped(reason, 2_000);
  return [
    `## ${sentence(story)}`,
    outcome === 'dirty' ? alert('CAUTION', `**Manual action is required.** ${why}`) : why,
    ...containerError(story),
    ...plan(story),
    ...oldRevision(story),
    ...notices(story),
  ];
}

function containerError(story: Story): Markdown[] {
  const line = explainingLine(story);
  return line === null ? [] : [`The log of the container that failed: ${code(line)}`];
}

function sentence(story: Story): Markdown {
  const service = escaped(nameOfArn(story.started?.service ?? 'The service'));
  const { outcome, told } = storyEnd(story);
  if (!told) return `⚠️ ${service}: the run was interrupted`;
  if (story.started?.dryRun) return dryRun(service, story);

  if (story.isReturn) return rollback(service, story);
  const after = story.finished ? ` after ${durationInWords(story.finished.took)}` : '';
  const from = story.rollback && story.rollback.percent > 0 ? reached(story.rollback, story) : '';
  const { before, release } = versions(story);
  return {
    deployed: `✅ ${service} is deployed: ${release} ${SERVES[story.planned?.of ?? 'traffic']}${after}`,
    unchanged: `✅ ${service} is unchanged: it already runs this release`,
    'rolled-back': `↩️ ${service} is back on ${before}: rolled back${from}${after}`,
    dirty: `⚠️ ${service} is in an unknown state: which revision is in use could not be verified`,
    failed: `❌ ${service} was not deployed: production was not touched`,
  }[outcome];
}

function reached({ percent }: EventOf<'rollback-requested'>, { planned }: Story): Markdown {
  return planned?.of === 'tasks' ? ` with ${percent}% of the tasks new` : ` at ${percent}%`;
}

const SERVES = {
  traffic: 'has all production traffic',
  work: 'does all the work',
  tasks: 'runs in all tasks',
} as const;

/** The sentence for a rollback command. */
function rollback(service: Markdown, { returning, finished, ...story }: Story): Markdown {
  const after = finished ? ` after ${durationInWords(finished.took)}` : '';
  const [to, from] = [returning?.to, returning?.from].map(
    (release) => release && escaped(releaseInWords(release)),
  );
  return {
    deployed: `↩️ ${service} is back on ${to ?? 'the earlier release'}${after}`,
    unchanged: `✅ ${service} is unchanged: there was nothing to roll back`,
    'rolled-back': `❌ ${service} is still on ${from ?? 'the current release'}: the rollback to ${to ?? 'the earlier release'} was itself rolled back${after}`,
    dirty: `⚠️ ${service} is in an unknown state: which revision is in use could not be verified`,
    failed: `❌ ${service} was not rolled back: nothing was changed`,
  }[storyEnd({ returning, finished, ...story }).outcome];
}

function versions({ taskDefinition, inspected }: Story): { before: Markdown; release: Markdown } {
  const before = taskDefinition?.previousTaskDefinitionArn ?? inspected?.taskDefinitionArn;
  return {
    before: before ? escaped(nameOfArn(before)) : 'the old revision',
    release: taskDefinition ? escaped(nameOfArn(taskDefinition.taskDefinitionArn)) : 'the new revision',
  };
}

function dryRun(service: Markdown, story: Story): Markdown {
  if (story.isReturn) return dryRollback(service, story);
  if (storyEnd(story).outcome === 'failed') return `❌ Dry run: ${service} could not be deployed`;
  if (story.taskDefinition?.unchanged) return `✅ Dry run: ${service} already runs this release`;
  return `✅ Dry run: ${service} would be deployed`;
}

function dryRollback(service: Markdown, story: Story): Markdown {
  const { returning } = story;
  if (storyEnd(story).outcome === 'failed') return `❌ Dry run: ${service} could not be rolled back`;
  return returning
    ? `✅ Dry run: ${service} would be rolled back to ${escaped(releaseInWords(returning.to))}`
    : `✅ Dry run: ${service} has nothing to roll back`;
}

/** The plan, only in a dry run. */
function plan({ started, planned }: Story): Markdown[] {
  if (!started?.dryRun || !planned) return [];
  if (planned.rolling) return [rollingPlan(planned.rolling, planned)];
  const { steps, bakeTime, stepTimeout, keepOld, smokeTests, gates = [] } = planned;
  return [
    [
      ...smokeTests.map((test) => `- First, a smoke test on the test listener: ${escaped(test)}.`),
      `- Then ${stepsInWords(steps)} of ${shareInWords(planned)}, each step for at least ${durationInWords(bakeTime)} and at most ${durationInWords(stepTimeout)}.`,
      ...gates.map((gate) => `- Gate ${escaped(gate)}.`),
      ...(keepOld > 0 ? [`- After that, the old revision is kept for ${durationInWords(keepOld)}.`] : []),
    ].join('\n'),
  ];
}

function rollingPlan(
  { minimumHealthyPercent, maximumPercent }: NonNullable<EventOf<'planned'>['rolling']>,
  { bakeTime, stepTimeout }: EventOf<'planned'>,
): Markdown {
  return [
    `- ECS replaces the tasks in batches, keeping at least ${minimumHealthyPercent}% and at most ${maximumPercent}% of them, within ${durationInWords(stepTimeout)}. There is no canary.`,
    `- Then ecs-ramp evaluates the new revision for another ${durationInWords(bakeTime)}.`,
  ].join('\n');
}

function oldRevision({ finished }: Story): Markdown[] {
  return finished?.oldRevisionUntil
    ? [
        `The old revision is kept until ${timeOfDay(finished.oldRevisionUntil)} UTC: until then, a rollback takes seconds.`,
      ]
    : [];
}

/** All notices that the reason does not contain. */
function notices(story: Story): Markdown[] {
  const { reason } = storyEnd(story);
  const messages = story.notices.filter(({ message }) => !reason.includes(message));
  const lines = [
    ...new Set(messages.map(({ level, message }) => `- ${SIGNS[level]} ${escaped(message, 1_000)}`)),
  ];
  return lines.length > 0 ? [lines.slice(0, MOST_NOTICES).join('\n')] : [];
}

const SIGNS = { notice: 'ℹ️', warning: '⚠️', error: '❌' } as const;
const MOST_NOTICES = 30;
