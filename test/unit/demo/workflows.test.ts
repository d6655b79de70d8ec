import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readRequest } from '../../../src/inputs/inputs.ts';

interface Workflow {
  readonly jobs: Readonly<
    Record<
      string,
      { readonly steps: readonly { readonly uses?: string; readonly with?: Record<string, unknown> }[] }
    >
  >;
}

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
  const workflow: Workflow = parse(readFileSync(join(root, file), 'utf8'));
  const steps = Object.values(workflow.jobs).flatMap(({ steps }) => steps);
  const ours = steps.filter(({ uses = '' }) => uses === './' || uses.startsWith('ecs-ramp/ecs-ramp@'));
  expect(ours).toHaveLength(1);
  const inputs = Object.entries(ours[0]!.with ?? {}).map(([name, value]) => [
    `INPUT_${name.toUpperCase()}`,
    String(value),
  ]);
  const env = { ...Object.fromEntries(inputs), GITHUB_SHA: 'c0ffee', RUNNER_TEMP: '/tmp' };
  const request = readRequest({ env, workspace: join(root, workspace) });
  expect(request.cluster).toBe('shop');
  expect(request.image.kind).toBe('build');
});
