import type { Source } from '../core/request.ts';
import type { ImageBuilt, Event } from '../core/trail/event.ts';
import { imageUrl } from './console-links.ts';
import { code, escaped, link, table, type Markdown } from './markdown.ts';
import { storyOf } from './story.ts';
import { quantity } from '../core/quantity.ts';
import { durationInWords, shortCommit } from './words.ts';

const MOST_STEPS = 5;

/** The job summary of a build: the image, its source, and the duration of its steps. */
export function renderBuildSummary(events: readonly Event[], { commit, repositoryUrl }: Source): Markdown {
  const { built, pushed, notices } = storyOf(events);
  if (!pushed) return '';
  const [repository = '', digest = ''] = pushed.image.split('@');
  const name = repository.slice(repository.indexOf('/') + 1);
  const page = commit && repositoryUrl && `${repositoryUrl}/commit/${commit}`;
  const rows: (readonly [string, Markdown])[] = [
    ['**Digest**', code(digest)],
    ['**Tags**', pushed.tags.map((tag) => code(tag)).join(', ')],
    ...(commit ? [['**Commit**', link(code(shortCommit(commit)), page)] as const] : []),
    ...(built ? [['**Build**', took(built)] as const] : []),
    ['**Push**', durationInWords(pushed.took)],
  ];
  return [
    built?.reused
      ? `## ✅ ${escaped(name)}: the image already exists`
      : `## ✅ ${escaped(name)} is built and pushed`,
    table(['Image', link(code(repository), imageUrl(pushed.image))], rows),
    ...notices.map(({ message }) => `- ${escaped(message, 1_000)}`),
    ...(built ? slowest(built) : []),
    '',
  ].join('\n\n');
}

function took({ took, steps, reused }: ImageBuilt): Markdown {
  if (reused) return 'not needed';
  if (!steps?.length) return durationInWords(took);
  const cached = steps.filter((step) => step.cached).length;
  return `${durationInWords(took)}, ${quantity(steps.length, 'step')}, ${cached} from the cache`;
}

function slowest({ steps = [] }: ImageBuilt): Markdown[] {
  const ran = steps.filter(({ cached }) => !cached).toSorted((a, b) => b.took - a.took);
  if (ran.length === 0) return [];
  const rows = ran.slice(0, MOST_STEPS).map(({ name, took }) => [code(name), durationInWords(took)]);
  return [table(['Slowest steps', 'Time:'], rows)];
}
