import { releaseInWords } from '../release.ts';
import { nameOfArn } from '../../core/arn.ts';
import { alert, escaped, type Markdown } from '../markdown.ts';
import { storyEnd, type Story, type EventOf } from '../story.ts';
import { durationInWords, stepsInWords, shareInWords, timeOfDay } from '../words.ts';

/** What became of it, in one sentence; then why. */
export function headline(story: Story): Markdown[] {
  const { reason, outcome } = storyEnd(story);
  const why = escaped(reason, 2_000);
  return [
    `## ${sentence(story)}`,
    outcome === 'dirty' ? alert('CAUTION', `**A person is needed.** ${why}`) : why,
    ...plan(story),
    ...oldRevision(story),
    ...notices(story),
  ];
}

function sentence(story: Story): Markdown {
  const service = escaped(nameOfArn(story.started?.service ?? 'The service'));
  const { outcome, told } = storyEnd(story);
  if (!told) return `⚠️ The release of ${service} was cut short`;
  if (story.started?.dryRun) return dryRun(service, story);

  if (story.started?.command === 'rollback') return rollback(service, story);
  const after = story.finished ? ` after ${durationInWords(story.finished.took)}` : '';
  const from = story.rollback && story.rollback.percent > 0 ? reached(story.rollback, story) : '';
  const { before, release } = versions(story);
  return {
    deployed: `✅ ${service} is deployed: ${release} ${SERVES[story.planned?.of ?? 'traffic']}${after}`,
    unchanged: `✅ ${service} is unchanged: this release serves already`,
    'rolled-back': `↩️ ${service} is back on ${before}: rolled back${from}${after}`,
    dirty: `⚠️ ${service} is in doubt: which version serves could not be verified`,
    failed: `❌ ${service} was not released: production was not touched`,
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

/** Of a return to an earlier release, by what it was asked for. */
function rollback(service: Markdown, { returning, finished, ...story }: Story): Markdown {
  const after = finished ? ` after ${durationInWords(finished.took)}` : '';
  const [to, from] = [returning?.to, returning?.from].map(
    (release) => release && escaped(releaseInWords(release)),
  );
  return {
    deployed: `↩️ ${service} is back on ${to ?? 'the earlier release'}${after}`,
    unchanged: `✅ ${service} is unchanged: there was nothing to roll back`,
    'rolled-back': `❌ ${service} is still on ${from ?? 'what served before'}: the return to ${to ?? 'the earlier release'} was undone${after}`,
    dirty: `⚠️ ${service} is in doubt: which version serves could not be verified`,
    failed: `❌ ${service} was not rolled back: nothing was done`,
  }[storyEnd({ returning, finished, ...story }).outcome];
}

function versions({ taskDefinition, inspected }: Story): { before: Markdown; release: Markdown } {
  const before = taskDefinition?.previousTaskDefinitionArn ?? inspected?.taskDefinitionArn;
  return {
    before: before ? escaped(nameOfArn(before)) : 'the old version',
    release: taskDefinition ? escaped(nameOfArn(taskDefinition.taskDefinitionArn)) : 'the new version',
  };
}

function dryRun(service: Markdown, story: Story): Markdown {
  if (story.started?.command === 'rollback') return dryRollback(service, story);
  if (storyEnd(story).outcome === 'failed') return `❌ Dry run: ${service} could not be released`;
  if (story.taskDefinition?.unchanged) return `✅ Dry run: ${service} serves this release already`;
  return `✅ Dry run: ${service} would be released`;
}

function dryRollback(service: Markdown, story: Story): Markdown {
  const { returning } = story;
  if (storyEnd(story).outcome === 'failed') return `❌ Dry run: ${service} could not be rolled back`;
  return returning
    ? `✅ Dry run: ${service} would be taken back to ${escaped(releaseInWords(returning.to))}`
    : `✅ Dry run: ${service} has nothing to roll back`;
}

/** What a dry run is asked for. */
function plan({ started, planned }: Story): Markdown[] {
  if (!started?.dryRun || !planned) return [];
  if (planned.rolling) return [rollingPlan(planned.rolling, planned)];
  const { steps, bakeTime, stepTimeout, keepOld, smokeTests, gates = [] } = planned;
  return [
    [
      ...smokeTests.map((test) => `- First, on the test listener: ${escaped(test)}.`),
      `- Then ${stepsInWords(steps)} of ${shareInWords(planned)}, each step for ${durationInWords(bakeTime)} at least and ${durationInWords(stepTimeout)} at most.`,
      ...gates.map((gate) => `- Gate ${escaped(gate)}.`),
      ...(keepOld > 0 ? [`- After that the old revision stays hot for ${durationInWords(keepOld)}.`] : []),
    ].join('\n'),
  ];
}

function rollingPlan(
  { minimumHealthyPercent, maximumPercent }: NonNullable<EventOf<'planned'>['rolling']>,
  { bakeTime, stepTimeout }: EventOf<'planned'>,
): Markdown {
  return [
    `- ECS replaces the tasks in batches, keeping ${minimumHealthyPercent}% of them at least and ${maximumPercent}% at most, within ${durationInWords(stepTimeout)}. There is no canary.`,
    `- Then the new version is watched for ${durationInWords(bakeTime)} more.`,
  ].join('\n');
}

function oldRevision({ finished }: Story): Markdown[] {
  return finished?.oldRevisionUntil
    ? [
        `The old revision stays hot until ${timeOfDay(finished.oldRevisionUntil)} UTC: until then a rollback is a matter of seconds.`,
      ]
    : [];
}

/** The reason is said already; everything else that a person should know. */
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
