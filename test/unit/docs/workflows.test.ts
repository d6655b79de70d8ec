import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { blocksOf } from '../../../script/page-blocks.ts';
import { actions } from '../../../src/inputs/actions/actions.ts';
import {
  actionOf,
  inputsOfStep,
  othersIds,
  ourCalls,
  ourSteps,
  refusalsOf,
} from '../../support/example-workflow.ts';
import { pages, read, root } from './pages.ts';

const isConfiguration = (yaml: string) => /^services:$/m.test(yaml);
const blocks = pages.flatMap((page) =>
  blocksOf(read(page), 'yaml')
    .filter((yaml) => !isConfiguration(yaml))
    .map((yaml, index): [string, string] => [`${page}, number ${index + 1}`, yaml]),
);

test('the quick start is one of the workflows', () => {
  expect(blocks.map(([name]) => name)).toContain('README.md, number 2');
});

test.each(blocks)('the actions accept the inputs of %s', (_, yaml) => {
  const [ours, calls] = [ourSteps(yaml), ourCalls(yaml)];
  expect(ours.length + calls.length).toBeGreaterThan(0);
  for (const [job, file] of calls) expect(refusalsOf(job, read(file))).toEqual([]);
  // Readers have a workspace with a Dockerfile.
  for (const step of ours) inputsOfStep(step, join(root, 'examples/shop/web'));
});

test('all pages use the same name for the actions', () => {
  const texts = [...blocks.map(([, yaml]) => yaml), read('.github/workflows/deploy.yml')];
  const names = texts.flatMap((text) =>
    ourSteps(text).map((step) => step.uses?.replace(`/${actionOf(step).folder}@`, '@')),
  );
  expect(new Set(names).size).toBe(1);
});

test('pages read only outputs that an action has', () => {
  const outputs = new Set(actions.flatMap(({ outputs }) => Object.keys(outputs)));
  const named = pages.flatMap((page) => {
    const others = new Set(blocksOf(read(page), 'yaml').flatMap(othersIds));
    return [...read(page).matchAll(/(\w+)\.outputs\.([a-z-]+)/g)].flatMap(([, id = '', name = '']) =>
      others.has(id) ? [] : [name],
    );
  });
  expect(named.length).toBeGreaterThan(0);
  expect([...outputs]).toEqual(expect.arrayContaining(named));
});
