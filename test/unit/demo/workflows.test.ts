import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ourSteps, requestOfStep } from '../../support/example-workflow.ts';

const root = join(import.meta.dirname, '../../..');
const workflows: [string, string][] = [
  ...globSync('examples/shop/.github/workflows/*.yml', { cwd: root }).map((file): [string, string] => [
    file,
    'examples/shop',
  ]),
  ['.github/workflows/example-deploy.yml', '.'],
];

test('there is a workflow for each service of the shop', () => {
  expect(workflows).toHaveLength(3 + 1);
});

test.each(workflows)('%s gives the action inputs that it takes', (file, workspace) => {
  const ours = ourSteps(readFileSync(join(root, file), 'utf8'));
  expect(ours).toHaveLength(1);
  const request = requestOfStep(ours[0]!, join(root, workspace));
  expect(request.cluster).toBe('shop');
  expect(request.image.kind).toBe('build');
});
