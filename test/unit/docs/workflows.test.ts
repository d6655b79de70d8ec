import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { blocksOf } from '../../../script/page-blocks.ts';
import { ourSteps, requestOfStep } from '../../support/example-workflow.ts';
import { pages, read, root } from './pages.ts';

const blocks = pages.flatMap((page) =>
  blocksOf(read(page), 'yaml').map((yaml, index): [string, string] => [`${page}, number ${index + 1}`, yaml]),
);

test('the quick start is among them', () => {
  expect(blocks.map(([name]) => name)).toContain('README.md, number 1');
});

test.each(blocks)('the action takes the inputs of %s', (_, yaml) => {
  const ours = ourSteps(yaml);
  expect(ours).toHaveLength(1);
  // A workspace as a reader has it: with a Dockerfile.
  expect(requestOfStep(ours[0]!, join(root, 'examples/shop/web'))).toMatchObject({
    service: 'web',
    cluster: 'shop',
  });
});

test('the action is called by one name everywhere', () => {
  const examples = ['web', 'api', 'worker'].map((name) =>
    read(`examples/shop/.github/workflows/${name}.yml`),
  );
  const texts = [...blocks.map(([, yaml]) => yaml), ...examples];
  expect(new Set(texts.flatMap((text) => ourSteps(text).map(({ uses }) => uses))).size).toBe(1);
});

test('outputs that pages read are outputs of the action', () => {
  const { outputs }: { readonly outputs: object } = parse(read('action.yml'));
  const named = pages.flatMap((page) =>
    [...read(page).matchAll(/\.outputs\.([a-z-]+)/g)].map(([, name]) => name),
  );
  expect(named.length).toBeGreaterThan(0);
  expect(Object.keys(outputs)).toEqual(expect.arrayContaining(named));
});
