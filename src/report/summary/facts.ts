import { nameOfArn } from '../../core/arn.ts';
import { clusterUrl, imageUrl, serviceUrl, taskDefinitionUrl } from '../console-links.ts';
import { code, escaped, link, table, type Markdown } from '../markdown.ts';
import type { Story } from '../digest.ts';
import { dateOf, durationInWords, shortCommit, timeOfDay } from '../words.ts';

/** What was released, where, from what, by whom and when. */
export function facts(story: Story): Markdown[] {
  const { begun } = story;
  if (!begun) return [];
  const rows: (readonly [string, Markdown | null])[] = [
    ['Image', image(story)],
    ['Task definition', taskDefinition(story)],
    ['Returned to', returnedTo(story)],
    [story.returning ? 'Asked for' : 'Commit', source(story)],
    ['Time', time(story)],
  ];
  const where = [begun.region, begun.account && `account ${begun.account}`].filter((part) => part !== null);
  const service = link(escaped(nameOfArn(begun.service)), story.found && serviceUrl(story.found.serviceArn));
  const cluster = link(escaped(nameOfArn(begun.cluster)), clusterUrl(begun));
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

function taskDefinition({ taskDefinition, returning, found }: Story): Markdown | null {
  if (returning) {
    const { from, to } = returning;
    return `${from ? `${revision(from.taskDefinitionArn)} → ` : ''}${revision(to.taskDefinitionArn)}`;
  }
  if (!taskDefinition) return null;
  const { taskDefinitionArn: after } = taskDefinition;
  const before = taskDefinition.previousTaskDefinitionArn ?? found?.taskDefinitionArn ?? null;
  return before === null || before === after ? revision(after) : `${revision(before)} → ${revision(after)}`;
}

function revision(arn: string): Markdown {
  return link(code(nameOfArn(arn)), taskDefinitionUrl(arn));
}

function returnedTo({ begun, returning }: Story): Markdown | null {
  if (!returning) return null;
  const { commit, actor, run } = returning.to;
  const page = commit && begun?.repositoryUrl ? `${begun.repositoryUrl}/commit/${commit}` : null;
  const parts = [
    commit && link(code(shortCommit(commit)), page),
    actor && `by ${escaped(actor)}`,
    run && link('its workflow run', run),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(' · ') : null;
}

function source({ begun, returning }: Story): Markdown | null {
  if (!begun) return null;
  const { commit: own, repositoryUrl, runUrl, actor } = begun;
  // The commit of a rollback's workflow is not what is released.
  const commit = returning ? null : own;
  const page = commit && repositoryUrl && `${repositoryUrl}/commit/${commit}`;
  const parts = [
    commit && link(code(shortCommit(commit)), page),
    actor && `by ${escaped(actor)}`,
    runUrl && link('workflow run', runUrl),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(' · ') : null;
}

function time({ begun, finished, last }: Story): Markdown | null {
  if (!begun || !last) return null;
  const end = finished ? timeOfDay(finished.at) : `? (last heard ${timeOfDay(last.at)})`;
  const took = finished ? ` (${durationInWords(finished.took)})` : '';
  return `${dateOf(begun.at)}, ${timeOfDay(begun.at)} – ${end} UTC${took}`;
}
