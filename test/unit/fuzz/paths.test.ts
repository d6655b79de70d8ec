import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { InvalidInputs } from '../../../src/inputs/issue.ts';
import { requestFrom } from '../../support/request-from.ts';

const folder = mkdtempSync(join(tmpdir(), 'paths-'));
afterAll(() => rmSync(folder, { recursive: true }));
const workspace = join(folder, 'workspace');
const at = (path: string) => join(workspace, path);
mkdirSync(at('folder'), { recursive: true });
writeFileSync(at('Dockerfile'), 'FROM scratch\n');
writeFileSync(at('-dash'), 'FROM scratch\n');
writeFileSync(at('line\nbreak'), 'FROM scratch\n');
const TASK_DEFINITION = JSON.stringify({
  family: 'web',
  containerDefinitions: [{ name: 'web', image: 'x' }],
});
writeFileSync(at('task.json'), TASK_DEFINITION);
writeFileSync(at('bom.json'), `\uFEFF${TASK_DEFINITION}`);
writeFileSync(at('latin1.json'), Buffer.from(TASK_DEFINITION.replace('"x"', '"é"'), 'latin1'));
writeFileSync(join(folder, 'outside.json'), TASK_DEFINITION);
writeFileSync(at('huge.json'), '');
truncateSync(at('huge.json'), 2 ** 30);
execFileSync('mkfifo', [at('pipe')]);
for (const [link, target] of Object.entries({
  'to-outside': join(folder, 'outside.json'),
  'to-zero': '/dev/zero',
  'to-nothing': 'nowhere',
  'to-itself': 'to-itself',
}))
  symlinkSync(target, at(link));

function mistakesOf(inputs: Readonly<Record<string, string>>): string {
  const given = Object.entries({ service: 'web', repository: 'shop/web', ...inputs });
  const env = Object.fromEntries(given.map(([name, text]) => [`INPUT_${name.toUpperCase()}`, text]));
  try {
    requestFrom({ env: { ...env, GITHUB_SHA: 'a'.repeat(40), RUNNER_TEMP: folder }, workspace });
    return '';
  } catch (error) {
    if (error instanceof InvalidInputs) return error.message;
    throw error;
  }
}

test.each([
  ['a link that leads out of the workspace', 'to-outside'],
  ['a path that leads out of the workspace', '../outside.json'],
  ['a byte order mark', 'bom.json'],
])('a task definition may have %s', (_, path) => {
  expect(mistakesOf({ 'task-definition': path })).toBe('');
});

test.each([
  ['folder', 'is a directory, not a file'],
  ['pipe', 'is a device, pipe or socket, not a file'],
  ['/dev/zero', 'is a device, pipe or socket, not a file'],
  ['to-zero', 'is a device, pipe or socket, not a file'],
  ['to-nothing', 'there is no file'],
  ['to-itself', 'is inaccessible (ELOOP)'],
  ['task.json/deeper', 'there is no file'],
  ['x'.repeat(300), 'is inaccessible (ENAMETOOLONG)'],
  ['Task.json', 'there is no file'],
  ['huge.json', 'it has 1073741824 bytes'],
  ['latin1.json', 'it is not text in UTF-8'],
  ['Dockerfile', 'it is not JSON'],
])('task-definition: %s is refused in words', (path, problem) => {
  expect(mistakesOf({ 'task-definition': path })).toContain(problem);
});

test.each([
  ['folder', 'is a directory, not a file'],
  ['pipe', 'is a device, pipe or socket, not a file'],
  ['/dev/zero', 'is a device, pipe or socket, not a file'],
  ['to-itself', 'is inaccessible (ELOOP)'],
  ['line\nbreak', 'has more than one line'],
])('file: %s is refused in words', (path, problem) => {
  expect(mistakesOf({ file: path })).toContain(problem);
});

test('a Dockerfile may be called like an option', () => {
  expect(mistakesOf({ file: '-dash' })).toBe('');
});

test.each([
  ['Dockerfile', 'is a file, not a directory'],
  ['pipe', 'is a device, pipe or socket, not a directory'],
  ['/dev/zero', 'is a device, pipe or socket, not a directory'],
  ['nowhere', 'there is no directory'],
])('context: %s is refused in words', (path, problem) => {
  expect(mistakesOf({ context: path })).toContain(problem);
});

test.each(['events-file', 'summary-file'])('%s: a file that is there or can be made is taken', (input) => {
  for (const path of ['task.json', 'new.md', 'new/folder/new.md', '../elsewhere.md'])
    expect(mistakesOf({ [input]: path })).toBe('');
});

test.each([
  ['folder', 'is a directory, not a file'],
  ['pipe', 'is a device, pipe or socket, not a file'],
  ['/dev/zero', 'is a device, pipe or socket, not a file'],
  ['/dev/null', 'is a device, pipe or socket, not a file'],
  ['Dockerfile/deeper/file', 'is a file, not a directory'],
  ['to-itself', 'is inaccessible (ELOOP)'],
])('events-file and summary-file: %s is refused before anything begins', (path, problem) => {
  expect(mistakesOf({ 'events-file': path })).toContain(problem);
  expect(mistakesOf({ 'summary-file': path })).toContain(problem);
});

test('event trail, summary and recording do not overwrite each other', () => {
  expect(mistakesOf({ 'events-file': 'a/b', 'summary-file': 'a/x/../b' })).toContain(
    'the same file as events-file',
  );
  expect(mistakesOf({ 'events-file': 'a/b', 'summary-file': 'a/recording.json' })).toContain('the recording');
  expect(mistakesOf({ 'events-file': 'a/recording.json' })).toContain('the recording');
});
