import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  containerNamed,
  InvalidTaskDefinition,
  parseTaskDefinition,
} from '../task-definition/task-definition.ts';
import type { FactsOn } from './facts.ts';
import { type Mistake, mistake } from './mistake.ts';

type At<Name extends 'context' | 'file'> = Pick<FactsOn<Name>, 'values' | 'workspace'>;

/** Absolute path of the build context. */
export function contextOf({ values, workspace }: At<'context'>): string {
  return resolve(workspace, values.context ?? '.');
}

/** Absolute path of the Dockerfile. */
export function dockerfileOf(facts: At<'context' | 'file'>): string {
  const { file } = facts.values;
  return file === null ? join(contextOf(facts), 'Dockerfile') : resolve(facts.workspace, file);
}

export function* contextIsThere(facts: FactsOn<'context'>): Generator<Mistake> {
  const directory = contextOf(facts);
  if (isDirectory(directory)) return;
  yield mistake('context', {
    given: facts.values.context,
    problem: `there is no directory ${directory}`,
    fix: 'check out the repository before this step, and give the path of the build context, relative to the workspace',
  });
}

export function* dockerfileIsThere(facts: FactsOn<'context' | 'file'>): Generator<Mistake> {
  const { file } = facts.values;
  if (isFile(dockerfileOf(facts))) return;
  // Without its directory it cannot be there: that is one mistake, not two.
  if (file === null && !isDirectory(contextOf(facts))) return;
  yield mistake('file', {
    given: file,
    problem: `there is no file ${dockerfileOf(facts)}`,
    fix: 'give the path of the Dockerfile, relative to the workspace (not to the context)',
  });
}

export function* taskDefinitionIsUsable({
  values,
  misread,
  workspace,
}: FactsOn<'task-definition' | 'container-name'>): Generator<Mistake> {
  const given = values['task-definition'];
  if (given === null) return;
  const path = resolve(workspace, given);
  if (!isFile(path)) {
    yield mistake('task-definition', {
      given,
      problem: `there is no file ${path}`,
      fix: 'give the path of a task definition in JSON, or leave it out to take the one that the service runs now',
    });
    return;
  }
  const containerName = values['container-name'];
  const definition = yield* orMistake('task-definition', path, () =>
    parseTaskDefinition(readFileSync(path, 'utf8')),
  );
  if (definition === null || misread.has('container-name')) return;
  yield* orMistake('container-name', path, () => containerNamed(definition, containerName));
}

/** What `read` returns; null, with the mistake yielded, where the file is not as it should be. */
function* orMistake<T>(input: string, path: string, read: () => T): Generator<Mistake, T | null> {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidTaskDefinition)) throw error;
    yield mistake(input, { given: path, problem: `${path}: ${error.problem}`, fix: error.fix });
    return null;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
