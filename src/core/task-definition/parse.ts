import type { Tag, TaskDefinition } from '@aws-sdk/client-ecs';
import { isObject } from '../is-object.ts';
import { InvalidTaskDefinition } from './invalid.ts';

/**
 * A task definition in a file: what DescribeTaskDefinition returns, with the tags included as
 * RegisterTaskDefinition expects them.
 */
export type WrittenTaskDefinition = TaskDefinition & { readonly tags?: Tag[] };

/**
 * Parses a task definition in JSON, also in the form that `aws ecs describe-task-definition`
 * prints. `checkMembers` checks for unknown members.
 */
export function parseTaskDefinition(text: string): WrittenTaskDefinition {
  const json = parseJson(text);
  if (!isObject(json)) {
    throw new InvalidTaskDefinition(
      'it is not a JSON object',
      'start it with { "family": ..., "containerDefinitions": [ ... ] }',
    );
  }
  const written = isObject(json['taskDefinition'])
    ? { ...json['taskDefinition'], ...('tags' in json && { tags: json['tags'] }) }
    : json;
  if (!hasContainers(written)) {
    throw new InvalidTaskDefinition(
      'it has no containerDefinitions, a list of containers with a name each',
      'give a task definition as `aws ecs register-task-definition --cli-input-json` takes it',
    );
  }
  return written;
}

function hasContainers(json: object): json is WrittenTaskDefinition {
  if (!('containerDefinitions' in json) || !Array.isArray(json.containerDefinitions)) return false;
  const containers: readonly unknown[] = json.containerDefinitions;
  return (
    containers.length > 0 &&
    containers.every((container) => isObject(container) && typeof container['name'] === 'string')
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, withoutNulls);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InvalidTaskDefinition(`it is not JSON: ${withPlace(error.message, text)}`, 'correct it there');
  }
}

/** `null` means absent, as in the APIs of AWS: members and entries that are `null` are removed. */
function withoutNulls(_: string, value: unknown): unknown {
  // JSON.parse deletes what is undefined, which leaves holes in a list; filter closes them.
  return value === null ? undefined : Array.isArray(value) ? value.filter(() => true) : value;
}

/** How many characters V8 quotes before the unexpected one. */
const QUOTED_BEFORE = 10;

/**
 * The error of V8 with line and column. V8 names them for most errors. For the others, it quotes the
 * surrounding text, which may be a secret and is removed, or says that the text ended.
 */
function withPlace(message: string, text: string): string {
  if (/line \d+/.test(message)) return message;
  const [, token, cut, quoted] = /^Unexpected token '(.+?)', (\.\.\.)?"(.*)"/s.exec(message) ?? [];
  const from = cut && quoted ? text.indexOf(quoted) + QUOTED_BEFORE : 0;
  const at = token === undefined ? text.trimEnd().length : text.indexOf(token, from);
  const before = text.slice(0, at).split('\n');
  const what = token === undefined ? message.replaceAll(/\s+/g, ' ') : 'Unexpected character';
  return `${what} (line ${before.length} column ${before.at(-1)!.length + 1})`;
}
