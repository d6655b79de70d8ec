import { nameOfArn } from '../../core/arn.ts';
import { clusterUrl, imageUrl, serviceUrl, taskDefinitionUrl } from '../console-links.ts';
import { code, escaped, link, table, type Markdown } from '../markdown.ts';
import type { Story } from '../story.ts';
import { dateOf, durationInWords, shortCommit, timeOfDay } from '../words.ts';

/** What was released, where, from what, by whom and when. */
export function facts(story: Story): Markdown[] {
  const { started } = story;
  if (!started) return [];
  const rows: (readonly [string, Markdown | null])[] = [
    ['Image', image(story)],
    ['Task definition', taskDefinition(story)],
    ['Rolled back to', returnedTo(story)],
    [story.returning ? 'Requested' : 'Commit', source(story)],
    ['Time', time(story)],
  ];
  const where = [started.region, started.account && `account ${started.account}`].filter(
    (part) => part !== null,
  );
  const service = link(
    escaped(nameOfArn(started.service)),
    story.inspected && serviceUrl(story.inspected.serviceArn),
  );
  const cluster = link(escaped(nameOfArn(started.cluster)), clusterUrl(started));
  return [
    table(
      ['Service', `${service} on cluster ${cluster}, ${escaped(where.join(', '))}`],
      rows.filter(([, value]) => value !== null).map(([name, value]) => [`**${name}**`, value ?? '']),
    ),
  ];
}

function image({ pushed, taskDefinition }: Story): Markdown | null {
  const reference = pushed?.image ?? taskDefinition?.image;
  if (!reference) return null;
  const [repository = '', digest] = reference.split('@');
  const name = link(code(repository.slice(repository.indexOf('/') + 1)), imageUrl(reference));
  return digest === undefined ? name : `${name}<br>${code(digest)}`;
}

function taskDefinition({ taskDefinition, returning, inspected }: Story): Markdown | null {
  if (returning) {
    const { from, to } = returning;
    return `${from ? `${revision(from.taskDefinitionArn)} → ` : ''}${revision(to.taskDefinitionArn)}`;
  }
  if (!taskDefinition) return null;
  const { taskDefinitionArn: after } = taskDefinition;
  const before = taskDefinition.previousTaskDefinitionArn ?? inspected?.taskDefinitionArn ?? null;
  return before === null || before === after ? revision(after) : `${revision(before)} → ${revision(after)}`;
}

function revision(arn: string): Markdown {
  return link(code(nameOfArn(arn)), taskDefinitionUrl(arn));
}

function returnedTo({ started, returning }: Story): Markdown | null {
  if (!returning) return null;
  const { commit, actor, run } = returning.to;
  const page = commit && started?.repositoryUrl ? `${started.repositoryUrl}/commit/${commit}` : null;
  const parts = [
    commit && link(code(shortCommit(commit)), page),
    actor && `by ${escaped(actor)}`,
    run && link('its workflow run', run),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(' · ') : null;
}

function source({ started, returning }: Story): Markdown | null {
  if (!started) return null;
  const { commit: own, repositoryUrl, runUrl, actor } = started;
  // The commit of a rollback's workflow is not the one that is released.
  const commit = returning ? null : own;
  const page = commit && repositoryUrl && `${repositoryUrl}/commit/${commit}`;
  const parts = [
    commit && link(code(shortCommit(commit)), page),
    actor && `by ${escaped(actor)}`,
    runUrl && link('workflow run', runUrl),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(' · ') : null;
}

function time({ started, finished, last }: Story): Markdown | null {
  if (!started || !last) return null;
  const end = finished ? timeOfDay(finished.at) : `? (last event at ${timeOfDay(last.at)})`;
  const took = finished ? ` (${durationInWords(finished.took)})` : '';
  return `${dateOf(started.at)}, ${timeOfDay(started.at)} – ${end} UTC${took}`;
}
