import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { Secret } from '../../../../src/core/secrecy/secret.ts';

const MARKER = 'marker-5f1d';
const secret = new Secret(MARKER);

test.each<[string, () => unknown]>([
  ['as text', () => String(secret)],
  // oxlint-disable-next-line typescript/restrict-template-expressions -- that is what is tested
  ['in a template', () => `${secret}`],
  ['as JSON, deep in a request', () => JSON.stringify({ push: { password: secret } })],
  ['in a dump', () => inspect({ push: { password: secret } }, { depth: null, showHidden: true })],
  ['in a formatted line', () => format('%s %o %j', secret, secret, secret)],
  ['in an error', () => new Error('it failed', { cause: secret }).stack],
  ['in a copy', () => JSON.stringify(structuredClone(secret))],
  ['by its members', () => [...Object.values(secret), ...Object.getOwnPropertyNames(secret)].join()],
])('a secret is not shown %s', (_, shown) => {
  expect(String(shown())).not.toContain(MARKER);
});

test('only the code that sends a secret, masks it or derives what it sends can read it', () => {
  const src = join(import.meta.dirname, '../../../../src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const reading = files.filter((file) => readFileSync(join(src, file), 'utf8').includes('.reveal()'));
  expect(reading.toSorted()).toEqual([
    'aws/credentials/github-token.ts',
    'aws/credentials/role.ts',
    'core/git.ts',
    'core/proxy.ts',
    'image/buildx.ts',
    'image/image.ts',
    'image/push-by-engine.ts',
    'image/registry-api.ts',
    'image/session/auth.ts',
    'image/session/secrets.ts',
    'inputs/secrets.ts',
    'report/github/api.ts',
    'report/github/github.ts',
    'report/notifications.ts',
    'report/webhook/webhook.ts',
    'rollout/gates/command.ts',
    'rollout/gates/webhook.ts',
  ]);
});
