import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { call } from '../cli/calls.ts';
import {
  inputsOfStep,
  ourCalls,
  ourSteps,
  refusalsOf,
  requestOfStep,
} from '../../support/example-workflow.ts';

const root = join(import.meta.dirname, '../../..');
const shop = join(root, 'examples/shop');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const DEPLOY = '.github/workflows/deploy.yml';

test('the shop has one workflow for all its services, and it calls what there is to call', () => {
  const calls = ourCalls(read('examples/shop/.github/workflows/deploy.yml'));
  expect(calls.map(([, file]) => file)).toEqual([DEPLOY]);
  expect(refusalsOf(calls[0]![0], read(DEPLOY))).toEqual([]);
});

test('the shop’s ecs-ramp.yml is valid for every service', async () => {
  const { code, stdout, stderr } = await call(['validate'], { cwd: shop });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('3 services');
});

test('a call with an input, a secret or too few permissions is told', () => {
  const permissions = { contents: 'read', deployments: 'write', 'pull-requests': 'write' };
  const wrong = { with: { configg: 'x' }, secrets: { token: 'x' }, permissions };
  expect(new Set(refusalsOf(wrong, read(DEPLOY)))).toEqual(
    new Set(['no input configg', 'no secret token', 'permissions: id-token: write is needed']),
  );
});

test('the workflow that is called gives the actions inputs that they take', () => {
  const steps = ourSteps(read(DEPLOY));
  expect(steps).toHaveLength(1 + 2 + 10);
  for (const step of steps) inputsOfStep(step, join(shop, 'web'));
});

test('the workflow to try it by hand gives the action inputs that it takes', () => {
  const [step, ...others] = ourSteps(read('.github/workflows/example-deploy.yml'));
  expect(others).toEqual([]);
  const request = requestOfStep(step!, root);
  expect(request.cluster).toBe('shop');
  expect(request.image.kind).toBe('build');
});
