import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { configSchema } from '../../../../src/inputs/config/schema.ts';

const check = new Ajv2020({ allowUnionTypes: true }).compile(configSchema());

function problems(text: string): readonly string[] {
  check(parse(text));
  return (check.errors ?? []).map(({ instancePath, message, params }) =>
    [instancePath, message, params['additionalProperty']].filter(Boolean).join(' '),
  );
}

test('an editor accepts a valid file', () => {
  const text = `
    paths: package-lock.json
    defaults: { cluster: shop, steps: [10, 12.5, 100], max-error-rate: 0.02, build-args: { A: 1, B: x }, context: '{service}' }
    environments: { production: { branches: [main], bake-time: 5m }, staging: }
    libraries: { auth: { paths: [libs/auth/**], uses: crypto }, crypto: { paths: libs/crypto/** } }
    services:
      web:
      api: { uses: [auth], needs: web, service: api-v2, on-inconclusive: continue, environments: { staging: { keep-old: 0m } } }
  `;
  expect(problems(text)).toEqual([]);
});

test.each([
  ['services: { web: { setps: 10 } }', '/services/web must NOT have additional properties setps'],
  [
    'services: { web: { on-cancel: stay } }',
    '/services/web/on-cancel must be equal to one of the allowed values',
  ],
  ['services: { web: { bake-time: [5m] } }', '/services/web/bake-time must be string,number'],
  ['defaults: { service: x }\nservices: { web: }', '/defaults must NOT have additional properties service'],
  ['services: {}', '/services must NOT have fewer than 1 properties'],
  ['defaults: {}', "must have required property 'services'"],
  [
    'services: { web: { registry-password: x } }',
    '/services/web must NOT have additional properties registry-password',
  ],
])('an editor marks %s', (text, problem) => {
  expect(problems(text)).toContain(problem);
});
