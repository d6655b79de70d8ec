import { describe, expect, test } from '@jest/globals';
import { matcher, filesMatching } from '../../../../src/inputs/config/patterns.ts';
import { environmentOf, pathsOf, settingsOf } from '../../../../src/inputs/config/settings-of.ts';
import { readConfig } from '../../../../src/inputs/config/read-config.ts';
import { InvalidInputs } from '../../../../src/inputs/issue.ts';

const SHOP = `
paths: [package-lock.json]
defaults:
  cluster: shop
  repository: shop/{service}
  context: services/{service}
  steps: [10, 50, 100]
  build-args:
    NODE: 24
    BANNER: |-
      two
      lines
environments:
  production:
    branches: [main, release/**]
    cluster: shop-{environment}
    bake-time: 10m
  staging:
    branches: develop
libraries:
  crypto: { paths: libs/crypto/** }
  auth:
    paths: [libs/auth/**, '!libs/auth/**/*.md']
    uses: crypto
services:
  api:
    uses: [auth]
    needs: [worker]
    false-alarm-rate: 0.010
    environments:
      production: { service: api-live, steps: '100' }
  web: &page
    paths: [web/**, pages/**]
    task-definition: ./deploy/web.json
  shop:
    <<: *page
    cluster: own
  worker:
`;

const textsOf = (service: string, environment: string | null, text = SHOP) =>
  Object.fromEntries(
    [...settingsOf(readConfig(text, 'ecs-ramp.yml'), service, environment)].map(([name, written]) => [
      name,
      written.text,
    ]),
  );

function mistakesIn(text: string): readonly string[] {
  try {
    readConfig(text, 'ecs-ramp.yml');
  } catch (error) {
    if (error instanceof InvalidInputs) return error.issues.map((found) => found.text);
    throw error;
  }
  return [];
}

describe('the settings of a service', () => {
  test('override those of the environment, which override the defaults', () => {
    expect(textsOf('api', 'production')).toMatchObject({
      service: 'api-live',
      cluster: 'shop-production',
      'bake-time': '10m',
      steps: '100',
    });
    expect(textsOf('api', 'staging')).toMatchObject({
      service: 'api',
      cluster: 'shop',
      steps: '10\n50\n100',
    });
    expect(textsOf('shop', 'production')).toMatchObject({ cluster: 'own' });
  });

  test('have the name of the service instead of {service}', () => {
    expect(textsOf('web', null)).toMatchObject({
      service: 'web',
      repository: 'shop/web',
      context: 'services/web',
    });
  });

  test('have the text that they would have in a workflow: numbers as written, one line per map entry, entries of several lines in quotes', () => {
    expect(textsOf('api', null)).toMatchObject({
      'false-alarm-rate': '0.010',
      'build-args': 'NODE=24\n"BANNER=two\nlines"',
    });
  });

  test('have their places in the file', () => {
    const settings = settingsOf(readConfig(SHOP, 'ecs-ramp.yml'), 'api', 'production');
    expect(settings.get('steps')?.place).toEqual({ file: 'ecs-ramp.yml', line: 31, column: 40 });
    expect(settings.get('cluster')?.place).toEqual({ file: 'ecs-ramp.yml', line: 16, column: 5 });
  });

  test('an unknown service is rejected with a suggestion', () => {
    expect(() => textsOf('wrker', null)).toThrow('ecs-ramp.yml has no service "wrker". Did you mean worker?');
    expect(() => textsOf('api', 'producton')).toThrow('Did you mean production?');
  });
});

test.each([
  ['main', 'production'],
  ['release/2/x', 'production'],
  ['develop', 'staging'],
  ['feature', null],
  [null, null],
])('branch %s is deployed to %s', (branch, environment) => {
  expect(environmentOf(readConfig(SHOP, 'ecs-ramp.yml'), { named: null, branch })).toBe(environment);
});

test('a given environment overrides the one of the branch', () => {
  const config = readConfig(SHOP, 'ecs-ramp.yml');
  expect(environmentOf(config, { named: 'staging', branch: 'main' })).toBe('staging');
  expect(() => environmentOf(config, { named: 'stagin', branch: 'main' })).toThrow('Did you mean staging?');
});

describe('the files of a service', () => {
  const config = readConfig(SHOP, 'ecs-ramp.yml');

  test('are its paths, or by default its build context, and its task definition', () => {
    expect(pathsOf(config, 'web')).toEqual([['web/**', 'pages/**', 'deploy/web.json']]);
    expect(pathsOf(config, 'worker')).toEqual([['services/worker/**']]);
  });

  test('are all files by default', () => {
    expect(pathsOf(readConfig('services: { one: }', 'x.yml'), 'one')).toEqual([['**']]);
  });
});

describe('patterns', () => {
  test.each([
    [['web/**'], 'web/a/b.js', true],
    [['web/**'], 'web/.hidden/x', true],
    [['web/**'], 'website/a.js', false],
    [['web/*.js'], 'web/a/b.js', false],
    [['**/*.md'], 'README.md', true],
    [['{web,api}/**'], 'api/x', true],
    [['web/**', '!web/**/*.md'], 'web/a.md', false],
    [['web/**', '!web/**/*.md', 'web/must.md'], 'web/must.md', true],
    [['!web/**'], 'web/x', false],
    [['web/[id]/**'], 'web/i/x', true],
    [['package.json'], 'web/package.json', false],
    [['web/(group)/**'], 'web/(group)/x', true],
  ])('%j and %s: %s', (patterns, path, belongs) => {
    expect(matcher(patterns)(path)).toBe(belongs);
    const sorted = ['a', path, 'zz'].toSorted();
    expect(filesMatching(patterns, sorted).has(path)).toBe(belongs);
  });
});

describe('mistakes', () => {
  test('are reported together, with line, column and fix', () => {
    const text = [
      'defaults:',
      '  servic: x',
      '  registry-password: hunter2',
      '  dry-run: true',
      '  cluster:',
      '  bake-time: [5m]',
      'enviroments: {}',
      'services:',
      '  web:',
      '    paths: [/web/**, ./x, web/, ../y]',
      '    uses: [auht]',
      '    needs: [api]',
      '    setps: 10',
      '  api:',
      '    needs: web',
      '    environments: { live: { cluster: x } }',
      'libraries:',
      '  auth: { path: x }',
      '  web: {}',
    ].join('\n');
    const issues = mistakesIn(text);
    expect(issues).toEqual([
      'ecs-ramp.yml:2:3: defaults.servic: there is no such key. Did you mean service?',
      'ecs-ramp.yml:3:3: defaults.registry-password: it is a secret and must not be stored in a file in Git. Give it as an input of the action.',
      'ecs-ramp.yml:4:3: defaults.dry-run: it belongs to a single run. Give it as an input of the action.',
      'ecs-ramp.yml:5:3: defaults.cluster: it has no value. Give a value, or remove the key.',
      'ecs-ramp.yml:6:14: defaults.bake-time: only one value is allowed. Write one value after the colon.',
      'ecs-ramp.yml:7:1: enviroments: there is no such key. Did you mean environments?',
      'ecs-ramp.yml:10:12: services.web.paths[0]: "/web/**" is not relative to the root of the repository. Write web/**.',
      'ecs-ramp.yml:10:12: services.web.paths[1]: "./x" is not relative to the root of the repository. Write x.',
      'ecs-ramp.yml:10:12: services.web.paths[2]: "web/" matches no files. Write web/**.',
      'ecs-ramp.yml:10:12: services.web.paths[3]: "../y" is not relative to the root of the repository. Write y.',
      'ecs-ramp.yml:11:5: services.web.uses: there is no library or service "auht". Did you mean auth?',
      'ecs-ramp.yml:12:5: services.web.needs: it contains a cycle: web needs api needs web. Remove one of them.',
      'ecs-ramp.yml:13:5: services.web.setps: there is no such key. Did you mean steps?',
      'ecs-ramp.yml:15:5: services.api.needs: it contains a cycle: api needs web needs api. Remove one of them.',
      'ecs-ramp.yml:16:21: services.api.environments.live: there is no environment "live". The file defines: none.',
      'ecs-ramp.yml:18:11: libraries.auth.path: there is no such key. Did you mean paths?',
      'ecs-ramp.yml:19:3: libraries.web: a service has the same name. Give it a different name.',
    ]);
    expect(issues.join()).not.toContain('hunter2');
  });

  test.each([
    ['', 'the file has no services'],
    ['services: {}', 'the file has no services'],
    ['services:\n  a: [1]', 'it is not a mapping'],
    ['services: {a: }\nservices: {b: }', 'Map keys must be unique'],
    ['services:\n\tweb:', 'ecs-ramp.yml:2:1: YAML: Tabs are not allowed'],
    ['- a', 'it is not a mapping'],
    ['services: { "a b": }', 'it is not a valid name'],
    ['services: { a: { steps: ~ } }', 'has no value'],
    ['defaults: { service: x }\nservices: { a: }', 'would be the same for all services'],
    ['services: { a: *nowhere }', 'ecs-ramp.yml:1:16: *nowhere: there is no anchor of that name'],
  ])('%j: %s', (text, told) => {
    expect(mistakesIn(text).join('\n')).toContain(told);
  });
});
