import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { generatedDocuments } from '../../../script/docs.ts';
import { actions } from '../../../src/inputs/actions/actions.ts';
import { mainAction } from '../../../src/inputs/actions/main.ts';
import { request } from './request.ts';

const root = join(import.meta.dirname, '../../..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');

interface ActionYaml {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: object;
  readonly runs: { readonly using: string; readonly main: string; readonly post?: string };
}
const yamlOf = (folder: string): ActionYaml => parse(read(join(folder, 'action.yml')));

test.each([...generatedDocuments()])('%s is what script/docs writes', (name, text) => {
  expect(read(name)).toBe(text);
});

describe.each(actions.map((action) => [action.title, action] as const))('%s', (_, action) => {
  const yaml = yamlOf(action.folder);

  test('declares every input of the code in order, with its description and only defaults of the runner', () => {
    const expected = Object.entries(action.definitions).map(([name, definition]) => [
      name,
      definition.description,
      definition.runnerDefault,
    ]);
    const told = Object.entries(yaml.inputs).map(([name, input]) => [name, input.description, input.default]);
    expect(told).toEqual(expected);
  });

  test('has no duplicate inputs', () => {
    const names = Object.values(action.groups).flatMap((group) => Object.keys(group));
    expect(names).toEqual([...new Set(names)]);
  });

  test('has a page with a row for every input and output', () => {
    const rows = read(action.page).matchAll(/^\| `([a-z-]+)` \|/gm);
    expect([...rows].map(([, name]) => name)).toEqual([
      ...Object.keys(yaml.inputs),
      ...Object.keys(yaml.outputs),
    ]);
  });

  test('states defaults and required inputs in the descriptions', () => {
    for (const { description, default: byDefault, required } of Object.values(action.definitions)) {
      if (byDefault !== null) expect(description).toContain(`Default: ${byDefault}.`);
      expect(description.endsWith('Required.')).toBe(required !== undefined);
    }
  });

  test('runs bundles that have an entry point, on Node 24', () => {
    expect(yaml.runs.using).toBe('node24');
    for (const bundle of [yaml.runs.main, yaml.runs.post].filter((bundle) => bundle !== undefined)) {
      const [, door] = /dist\/([a-z-]+)\.js$/.exec(join(action.folder, bundle)) ?? [];
      expect(join(action.folder, bundle)).toBe(`dist/${door}.js`);
      expect(existsSync(join(root, `src/${door}.ts`))).toBe(true);
    }
  });
});

test('an input that is set to its default changes nothing', () => {
  const defaults = Object.entries(mainAction.definitions).flatMap(([name, { default: byDefault }]) =>
    byDefault === null ? [] : [[name, byDefault] as const],
  );
  expect(defaults.length).toBeGreaterThan(15);
  expect(request(Object.fromEntries(defaults))).toEqual(request());
});

test('the post step of the main action always runs', () => {
  expect(yamlOf('').runs).toEqual({
    using: 'node24',
    main: 'dist/main.js',
    post: 'dist/post.js',
    'post-if': 'always()',
  });
});
