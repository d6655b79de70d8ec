import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { runInputs } from './definitions.ts';
import type { Facts, FactsOn } from './rule.ts';
import { type Issue, inputIssue } from './issue.ts';
import { InvalidTaskDefinition } from '../core/task-definition/invalid.ts';
import { readTaskDefinitionText } from '../core/task-definition/read-text.ts';
import { containerNamed } from '../core/task-definition/container.ts';
import { parseTaskDefinition } from '../core/task-definition/parse.ts';

type At<Name extends 'context' | 'file'> = Pick<FactsOn<Name>, 'values' | 'workspace'>;

/** File name of the judge's recording, in the folder of the event trail. */
export const RECORDING = 'recording.json';

/** Absolute path of the build context. */
export function contextOf({ values, workspace }: At<'context'>): string {
  return resolve(workspace, values.context ?? '.');
}

/** Absolute path of the Dockerfile. */
export function dockerfileOf(facts: At<'context' | 'file'>): string {
  const { file } = facts.values;
  return file === null ? join(contextOf(facts), 'Dockerfile') : resolve(facts.workspace, file);
}

export function* contextIsThere(facts: FactsOn<'context'>): Generator<Issue> {
  const problem = whyNot('directory', contextOf(facts));
  if (problem === null) return;
  yield inputIssue('context', {
    given: facts.values.context,
    problem,
    fix: 'give the path of the build context, relative to the workspace (in a terminal: to the current folder); in a workflow, check out the repository before this step',
  });
}

export function* dockerfileIsThere(facts: FactsOn<'context' | 'file'>): Generator<Issue> {
  const { file } = facts.values;
  const problem = whyNot('file', dockerfileOf(facts));
  if (problem === null) return;
  // If the context is missing too, only the context is reported.
  if (file === null && whyNot('directory', contextOf(facts)) !== null) return;
  yield inputIssue('file', {
    given: file,
    problem,
    fix: 'give the path of the Dockerfile, relative to the workspace (not to the context)',
  });
}

export function* taskDefinitionIsUsable({
  values,
  misread,
  workspace,
}: FactsOn<'task-definition' | 'container-name'>): Generator<Issue> {
  const given = values['task-definition'];
  if (given === null) return;
  const path = resolve(workspace, given);
  const problem = whyNot('file', path);
  if (problem !== null) {
    yield inputIssue('task-definition', {
      given,
      problem,
      fix: 'give the path of a task definition in JSON, or remove the input to use the one that the service runs now',
    });
    return;
  }
  const containerName = values['container-name'];
  const definition = yield* orMistake('task-definition', path, () =>
    parseTaskDefinition(readTaskDefinitionText(path)),
  );
  if (definition === null || misread.has('container-name')) return;
  yield* orMistake('container-name', path, () => containerNamed(definition, containerName));
}

/**
 * Checks before the run that the reports can be written at its end: each path is a different,
 * writable file.
 */
export function* reportCanBeWritten({
  values,
  workspace,
}: FactsOn<'events-file' | 'summary-file'>): Generator<Issue> {
  const taken = new Map<string, string>();
  for (const input of ['events-file', 'summary-file'] as const) {
    const given = values[input];
    if (given === null) continue;
    const path = resolve(workspace, given);
    if (input === 'events-file') {
      taken.set(join(dirname(path), RECORDING), 'the recording in the folder of events-file');
    }
    const other = taken.get(path);
    taken.set(path, input);
    const problem = other === undefined ? whyNotWritable(path) : `it is the same file as ${other}`;
    if (problem !== null)
      yield inputIssue(input, { given, problem, fix: 'give the path of a different file' });
  }
}

/** The same check for an additional file of a command. */
export function fileCanBeWritten<Name extends string>(input: Name) {
  return function* ({
    values,
    workspace,
  }: {
    readonly values: Readonly<Record<Name, string | null>>;
    readonly workspace: string;
  }): Generator<Issue> {
    const given = values[input];
    const problem = given === null ? null : whyNotWritable(resolve(workspace, given));
    if (problem !== null)
      yield inputIssue(input, { given, problem, fix: 'give the path of a different file' });
  };
}

/** The same check for a folder of reports. */
export function* reportsCanBeWritten({
  values,
  workspace,
}: Facts<{ readonly 'report-directory': (typeof runInputs)['events-file'] }>): Generator<Issue> {
  const given = values['report-directory'];
  if (given === null) return;
  const problem = whyNotWritable(join(resolve(workspace, given), 'report'));
  if (problem !== null)
    yield inputIssue('report-directory', { given, problem, fix: 'give the path of a directory' });
}

/**
 * Returns the result of `read`, or yields an issue and returns `null` if the task definition is
 * invalid.
 */
function* orMistake<T>(input: string, path: string, read: () => T): Generator<Issue, T | null> {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidTaskDefinition)) throw error;
    yield inputIssue(input, { given: path, problem: `${path}: ${error.problem}`, fix: error.fix });
    return null;
  }
}

/**
 * Why the path is not what is wanted, as a clause; `null` if it is. Follows links. Opens nothing,
 * because opening a pipe blocks.
 */
function whyNot(wanted: 'file' | 'directory', path: string): string | null {
  const found = kindOf(path);
  if (found === wanted) return null;
  if (found === null) return `there is no ${wanted} ${path}`;
  return `${path} is ${found === 'file' || found === 'directory' ? `a ${found}` : found}, not a ${wanted}`;
}

function whyNotWritable(path: string): string | null {
  const found = kindOf(path);
  if (found !== null) return whyNot('file', path);
  for (let above = dirname(path); ; above = dirname(above)) {
    const kind = kindOf(above);
    if (kind !== null || above === dirname(above))
      return kind === 'directory' ? null : whyNot('directory', above);
  }
}

function kindOf(path: string): string | null {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return null;
    if (stats.isFile()) return 'file';
    return stats.isDirectory() ? 'directory' : 'a device, pipe or socket';
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : error;
    return `inaccessible (${String(code)})`;
  }
}
