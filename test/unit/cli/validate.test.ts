import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { call } from './calls.ts';

const cwd = mkdtempSync(join(tmpdir(), 'ecs-ramp-validate-'));
afterAll(() => rmSync(cwd, { recursive: true }));
writeFileSync(join(cwd, 'Dockerfile'), 'FROM scratch\n');

const validate = (text: string, ...args: readonly string[]) => {
  writeFileSync(join(cwd, 'ecs-ramp.yml'), text);
  return call(['validate', ...args], { cwd });
};

test('a file is checked for every service and environment', async () => {
  const text = `
defaults: { context: ., repository: 'shop/{service}', build-args: [NODE] }
environments: { production: { branches: main }, staging: { bake-time: 20m } }
services: { web: , api: { step-timeout: 10m } }
`;
  expect(await validate(text.replace('20m', '1m'))).toEqual({
    code: 0,
    stdout: 'ecs-ramp.yml: 2 services in 2 environments, no errors.',
    stderr: '',
  });
  const { code, stderr } = await validate(text);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^ecs-ramp.yml:3:60: bake-time: 20m is not shorter than step-timeout, 10m/);
});

test('every mistake is reported once, with its place, or with its service if an input is missing', async () => {
  const text = `
defaults: { steps: [10, 5, 100], context: nowhere, keep-revisions: 1 }
services:
  web:
  api: { repository: shop/api }
`;
  const { stderr } = await validate(text);
  expect(stderr.split('\n')).toEqual([
    '4 inputs are wrong:',
    expect.stringMatching(/^services.web: repository: it is missing/),
    expect.stringMatching(/^ecs-ramp.yml:2:13: steps: "10 5 100" is not in ascending order/),
    expect.stringMatching(/^ecs-ramp.yml:2:52: keep-revisions: /),
    expect.stringMatching(/^ecs-ramp.yml:2:34: context: there is no directory/),
  ]);
});

test.each([
  [['--config', 'other.yml'], '--config: there is no file'],
  [['other.yml'], 'other.yml: it does not belong to an option. Write --config other.yml.'],
  [['--confg', 'x'], 'Did you mean --config?'],
])('%j: reported with its fix', async (args, told) => {
  expect((await validate('services: { web: }', ...args)).stderr).toContain(
    told.replace('--config: there', 'config: there'),
  );
});

test('mistakes of the form and of the values are reported in one round, without consequences of the first', async () => {
  const text = `
defaults: { context: . }
services:
  web: { repositry: shop/web, bake-time: 5 }
  api: { repository: shop/api, needs: wep, steps: [10, 5, 100] }
`;
  const { stderr } = await validate(text);
  expect(stderr.split('\n')).toEqual([
    '4 inputs are wrong:',
    expect.stringMatching(/^ecs-ramp.yml:4:10: services.web.repositry: there is no such key/),
    expect.stringMatching(/^ecs-ramp.yml:4:\d+: bake-time: "5" has no unit/),
    expect.stringMatching(/^ecs-ramp.yml:5:\d+: services.api.needs: there is no service "wep"/),
    expect.stringMatching(/^ecs-ramp.yml:5:\d+: steps: "10 5 100" is not in ascending order/),
  ]);
});
