import { expect, test } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

test('packages of the SDK are loaded on demand through src/aws/sdk, so that the bundle has only what is used', () => {
  const whole = globSync('src/**/*.ts', { cwd: root }).filter((file) =>
    /import\(\s*'@(aws-sdk|smithy)\//.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(whole).toEqual([]);
});
