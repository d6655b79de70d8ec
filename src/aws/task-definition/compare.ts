import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import type { TaskDefinitionChange } from '../../core/trail/event.ts';
import { flatten } from './flatten.ts';

/** The differences that matter to ECS. Empty when both mean the same to ECS. */
export function changesBetween(
  before: RegisterTaskDefinitionCommandInput,
  after: RegisterTaskDefinitionCommandInput,
): readonly TaskDefinitionChange[] {
  const old = flatten(before);
  const wanted = flatten(after);
  const paths = new Set([...old.keys(), ...wanted.keys()]);
  const isSecret = secretPaths([...paths]);
  const changes: TaskDefinitionChange[] = [];
  for (const path of paths) {
    const change = { path, before: old.get(path) ?? null, after: wanted.get(path) ?? null };
    if (isSame(change)) continue;
    changes.push(isSecret(path) ? hidden(change) : change);
  }
  return changes;
}

/** A role may be given by name; ECS returns its ARN. */
function isSame({ path, before, after }: TaskDefinitionChange): boolean {
  if (before === after) return true;
  if (before === null || after === null || !/^(task|execution)RoleArn$/.test(path)) return false;
  return before.endsWith(`:role/${after}`) || after.endsWith(`:role/${before}`);
}

const LOOKS_SECRET = /passw|secret|token|credential|private|api_?-?key|access_?-?key|auth|dsn$/i;
/** Maps whose values may contain secrets. */
const FREE_TEXT = /\.(environment|options|dockerLabels|labels|driverOpts)\.(.+)$/;

/**
 * Selects the values to hide: a plain variable that was or becomes a secret, or whose name looks
 * like one. Entries of `secrets` are references and are shown.
 */
function secretPaths(paths: readonly string[]): (path: string) => boolean {
  const references = new Set(paths.filter((path) => path.includes('.secrets.')));
  return (path) => {
    const name = FREE_TEXT.exec(path)?.[2];
    if (name === undefined) return false;
    return LOOKS_SECRET.test(name) || references.has(path.replace('.environment.', '.secrets.'));
  };
}

function hidden({ path, before, after }: TaskDefinitionChange): TaskDefinitionChange {
  return {
    path,
    before: before && '(hidden)',
    after: after && (before ? '(hidden, different)' : '(hidden)'),
  };
}
