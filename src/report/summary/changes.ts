import { code, table, type Markdown } from '../markdown.ts';
import type { Story } from '../story.ts';
import { quantity } from '../../core/quantity.ts';

const MOST_CHANGES = 100;
const LONGEST_VALUE = 200;

/** The differences between the old and the new task definition. */
export function changesSection({ taskDefinition }: Story): Markdown[] {
  if (!taskDefinition || taskDefinition.changes.length === 0) return [];
  const shown = taskDefinition.changes.slice(0, MOST_CHANGES);
  const left = taskDefinition.changes.length - shown.length;
  const rows = shown.map(({ path, before, after }) => [code(path), value(before), value(after)]);
  return [
    '### Task definition',
    table(['Changed', 'Before', 'After'], rows) +
      (left > 0 ? `\n\n… and ${quantity(left, 'change')} more.` : ''),
  ];
}

function value(text: string | null): Markdown {
  if (text === null) return '<i>not set</i>';
  return text === '' ? '<i>empty</i>' : code(text, LONGEST_VALUE);
}
