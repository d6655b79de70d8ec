import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createMasks, maskedIn } from '../../../../src/core/secrecy/masks.ts';
import { withoutSecrets } from '../../../../src/core/secrecy/secret-text.ts';

// Joined here, so that no scanner takes them for real.
const token = (...parts: readonly string[]) => parts.join('');
const LONG = 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6';

describe('what looks like a secret is removed from text', () => {
  test.each([
    [
      'cannot connect to postgres://app:hunter2@db:5432/shop',
      'cannot connect to postgres://***@db:5432/shop',
    ],
    ['mongodb+srv://u:hun/ter@2@db/x', 'mongodb+srv://***@db/x'],
    ['https://hunter2@github.com/shop/web', 'https://***@github.com/shop/web'],
    ['GET https://a.example/run?id=7&token=hunter2&x=1', 'GET https://a.example/run?id=7&token=***&x=1'],
    ['/health?api_key=hunter2 answers 200', '/health?api_key=*** answers 200'],
    ['DB_PASSWORD=hunter2 LOG_LEVEL=debug', 'DB_PASSWORD=*** LOG_LEVEL=debug'],
    ['password="hunter2 and more" ok', 'password="***" ok'],
    ['{"user":"a","db_password":"hunter2"}', '{"user":"a","db_password":"***"}'],
    [String.raw`"{\"token\":\"hunter2\"}"`, String.raw`"{\"token\":\"***\"}"`],
    ['SIGNING_KEY: hunter2', 'SIGNING_KEY: ***'],
    ['serve --password hunter2 --port 80', 'serve --password *** --port 80'],
    ['serve --db-password=hunter2', 'serve --db-password=***'],
    ['["serve","--token","hunter2"]', '["serve","--token","***"]'],
    ['curl -u admin:hunter2 http://x', 'curl -u admin:*** http://x'],
    ['mysql -h db -p hunter2 shop', 'mysql -h db -p *** shop'],
    ['mysqldump -phunter2 shop', 'mysqldump -p*** shop'],
    ['Authorization: Basic aHVudGVyMg==', 'Authorization: Basic ***'],
    ['sent Bearer abc123def456', 'sent Bearer ***'],
    [`x ${token('eyJ', 'hbGciOiJIUzI1NiJ9')}.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl y`, 'x *** y'],
    [token('AKIA', 'IOSFODNN7EXAMPLE'), '***'],
    [token('ASIA', 'IOSFODNN7EXAMPLE'), '***'],
    ['wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', '***'],
    [token('gh', 'p_', LONG), '***'],
    [token('github', '_pat_', LONG), '***'],
    [token('xox', 'b-1234567890-abcdefghij'), '***'],
    [token('sk', '_live_', '1234567890abcdef'), '***'],
    [`value ${LONG}`, 'value ***'],
    ['a'.repeat(64) + 'b'.repeat(64), '***'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\nok', '***\nok'],
  ])('%s', (text, shown) => {
    expect(withoutSecrets(text)).toBe(shown);
  });

  test('what is no secret stays', () => {
    for (const text of [
      'arn:aws:ecs:eu-west-1:123456789012:service-deployment/shop/web/aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6',
      `123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web@sha256:${'9f'.repeat(32)}`,
      '0123456789abcdef0123456789abcdef01234567',
      '4f0c9a7b-e21d-4c55-a1b0-c3d2e1f09876',
      'github-token: it has more than one line. Write it on one line.',
      'secrets: DB_PASSWORD is not a reference to a secret.',
      'containerDefinitions.web.environment.DB_PASSWORD: nothing -> (hidden)',
      'containerDefinitions.web.secrets.DB_PASSWORD: nothing -> arn:aws:ssm:eu-west-1:1:parameter/db',
      'Basic authentication is required',
      'set github-token: ${{ github.token }}',
      'set GITHUB_TOKEN=$TOKEN',
      'ShopStack-WebServiceTaskDefinitionB2C7F1A0-Cluster',
      'docker run -u 1000:1000 -p 8080:80 web',
      'RUN mkdir -p /app && adduser -D app',
      'step 2/7 of 7, max_tokens=4096',
      'ssh to https://git.example.com:8443/shop/web',
    ])
      expect(withoutSecrets(text)).toBe(text);
  });

  test('JSON stays JSON, and a second pass changes nothing', () => {
    const words = fc.constantFrom(
      'password',
      'token=',
      ': ',
      '"',
      '\\',
      'a://u:p@h',
      '--secret ',
      ' x',
      '\n',
      "'",
      '=',
      'authorization: ',
      'SOME_KEY: ',
      'mysql -p ',
      ' -u a:',
      '?key=',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), (parts) => {
        const shown = withoutSecrets(JSON.stringify({ a: parts.join(''), b: 1 }));
        expect(JSON.parse(shown)).toMatchObject({ b: 1 });
        expect(withoutSecrets(shown)).toBe(shown);
      }),
      { numRuns: 2_000 },
    );
  });

  test('long text takes no long time', () => {
    for (const part of [
      'token',
      'a',
      'eyJ',
      'mysql -p',
      '://a:',
      '?key',
      '"password":"',
      '-----BEGIN PRIVATE KEY-----',
    ]) {
      const began = performance.now();
      withoutSecrets(part.repeat(20_000));
      expect([part, performance.now() - began < 5_000]).toEqual([part, true]);
    }
  });
});

describe('known secrets', () => {
  test('are removed in every form in which they are repeated, longest first', () => {
    const { masked, mask } = createMasks(['hunter2', 'hunter2-and-more', 'p"w d']);
    mask('added later');
    expect(
      masked(
        `hunter2 hunter2-and-more ${Buffer.from('hunter2').toString('base64')} ${JSON.stringify('p"w d')} p%22w%20d added later`,
      ),
    ).toBe('*** *** *** "***" *** ***');
  });

  test('leave ARNs, digests and the words of ecs-ramp as they are, which later steps read again', () => {
    const { masked } = createMasks(['shop', 'rollback']);
    const event = {
      kind: 'rollback-requested',
      arn: 'arn:aws:ecs:eu-west-1:123456789012:service/shop/web',
      image: `registry.example.com/shop/web@sha256:${'a'.repeat(64)}`,
      reason: 'the shop is closed',
      at: 7,
      lines: ['shop', null],
    };
    expect(maskedIn(event, masked)).toEqual({ ...event, reason: 'the *** is closed', lines: ['***', null] });
  });
});
