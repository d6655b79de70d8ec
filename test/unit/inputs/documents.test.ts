import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { generatedDocuments } from '../../../script/docs.ts';
import { type Definition, definitions } from '../../../src/inputs/definitions.ts';
import { request } from './request.ts';

const root = join(import.meta.dirname, '../../..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const action: {
  readonly inputs: Record<string, { readonly description: string; readonly default?: string }>;
  readonly runs: object;
} = parse(read('action.yml'));

test.each([...generatedDocuments()])('%s is what script/docs writes', (name, text) => {
  expect(read(name)).toBe(text);
});

test('action.yml has every input of the code, in order, with its description and default', () => {
  const expected = Object.entries<Definition>(definitions).map(([name, definition]) => [
    name,
    definition.description,
    definition.default ?? undefined,
  ]);
  const told = Object.entries(action.inputs).map(([name, input]) => [name, input.description, input.default]);
  expect(told).toEqual(expected);
});

test('docs/inputs.md has a row for every input and output', () => {
  const rows = read('docs/inputs.md').matchAll(/^\| `([a-z-]+)` \|/gm);
  const outputs: { readonly outputs: object } = parse(read('action.yml'));
  expect([...rows].map(([, name]) => name)).toEqual([
    ...Object.keys(action.inputs),
    ...Object.keys(outputs.outputs),
  ]);
});

test("descriptions say the default that is in force, and the runner's defaults are the code's", () => {
  const defaults: Record<string, string> = {};
  for (const [name, input] of Object.entries(action.inputs)) {
    if (input.default === undefined || input.default.startsWith('${{')) continue;
    expect(input.description).toContain(`Default: ${input.default}.`);
    defaults[name] = input.default;
  }
  expect(Object.keys(defaults).length).toBeGreaterThan(15);
  expect(request(defaults)).toEqual(request());
});

test('it runs on Node 24, and its post step always', () => {
  expect(action.runs).toEqual({
    using: 'node24',
    main: 'dist/main.js',
    post: 'dist/post.js',
    'post-if': 'always()',
  });
});
