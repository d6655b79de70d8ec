import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { configSchema } from '../../../src/inputs/config/schema.ts';
import { readConfig } from '../../../src/inputs/config/read-config.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/config.md'), 'utf8');
const [, example = ''] = /```yaml\n([^]*?)```/.exec(page) ?? [];

test('ecs-ramp and an editor accept the example of the page', () => {
  expect([...readConfig(example, 'ecs-ramp.yml').services.keys()]).toEqual(['api', 'web', 'accounts']);
  const check = new Ajv2020({ allowUnionTypes: true }).compile(configSchema());
  expect([check(parse(example)), check.errors]).toEqual([true, null]);
});
