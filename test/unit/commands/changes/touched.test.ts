import { describe, expect, test } from '@jest/globals';
import { goneFrom, touchedBy, type ComparedFiles } from '../../../../src/commands/changes/touched.ts';
import { readConfig } from '../../../../src/inputs/config/read-config.ts';
import { wavesOf } from '../../../../src/inputs/config/waves.ts';

const SHOP = `
paths: [package-lock.json]
defaults: { context: '{service}', cluster: shop }
environments: { production: { steps: '50,100' } }
libraries:
  crypto: { paths: libs/crypto/** }
  auth: { paths: [libs/auth/**, '!**/*.md'], uses: crypto }
services:
  api: { uses: auth, needs: worker }
  web: { needs: api }
  worker:
  mailer: { uses: worker }
`;
const shop = (text = SHOP) => readConfig(text, 'ecs-ramp.yml');

function touched(files: readonly string[], change: Partial<ComparedFiles> = {}, config = shop()) {
  const found = touchedBy(config, { files, before: shop(), everything: null, ...change });
  return Object.fromEntries(found.map(({ service, reasons, wave }) => [service, [wave, ...reasons]]));
}

describe('a service is touched', () => {
  test('by its own files', () => {
    expect(touched(['web/b.js', 'web/a.js', 'README.md'])).toEqual({ web: [1, 'web/a.js and 1 more'] });
  });

  test('by files of what it uses, directly or indirectly', () => {
    expect(touched(['libs/crypto/aes.ts'])).toEqual({
      api: [1, 'libs/crypto/aes.ts, which it uses (crypto)'],
    });
    expect(touched(['worker/run.js'])).toMatchObject({
      mailer: [1, 'worker/run.js, which it uses (worker)'],
    });
    expect(touched(['libs/auth/README.md'])).toEqual({});
  });

  test('by files that every service uses', () => {
    const reason = 'package-lock.json, which every service uses';
    expect(touched(['package-lock.json'])).toEqual({
      mailer: [1, reason],
      worker: [1, reason],
      api: [2, reason],
      web: [3, reason],
    });
  });

  test('by its own settings in the configuration, also in an environment', () => {
    const now = shop(
      SHOP.replace('web: { needs: api }', 'web: { needs: api, bake-time: 9m }').replace(
        'uses: worker',
        'uses: worker, environments: { production: { cluster: own } }',
      ),
    );
    expect(touched(['ecs-ramp.yml'], {}, now)).toEqual({
      mailer: [1, 'its cluster in ecs-ramp.yml'],
      web: [1, 'its bake-time in ecs-ramp.yml'],
    });
    expect(touched(['ecs-ramp.yml'])).toEqual({});
  });

  test('if it is new in the configuration, or the previous configuration is not known', () => {
    const before = shop(SHOP.replace('  web: { needs: api }\n', ''));
    expect(touched(['ecs-ramp.yml'], { before })).toEqual({ web: [1, 'it is new in ecs-ramp.yml'] });
    expect(Object.keys(touched(['ecs-ramp.yml'], { before: null }))).toHaveLength(4);
  });

  test('if the changes are not known', () => {
    expect(touchedBy(shop(), { files: null, before: null, everything: null })).toHaveLength(4);
    expect(touched([], { everything: 'it is the first push' })).toMatchObject({
      web: [3, 'it is the first push'],
    });
  });
});

test('a service that was removed from the configuration is reported', () => {
  expect(goneFrom(shop(SHOP.replace('  mailer: { uses: worker }\n', '')), shop())).toEqual(['mailer']);
  expect(goneFrom(shop(), null)).toEqual([]);
});

test('a service is deployed after those it needs, also indirectly', () => {
  const needs: Readonly<Record<string, readonly string[]>> = {
    web: ['api'],
    api: ['worker'],
    worker: [],
    mailer: ['worker', 'web'],
  };
  const waves = (...names: string[]) => Object.fromEntries(wavesOf(names, (name) => needs[name] ?? []));
  expect(waves('web', 'worker')).toEqual({ worker: 1, web: 2 });
  expect(waves('web', 'mailer', 'worker', 'api')).toEqual({ worker: 1, api: 2, web: 3, mailer: 4 });
  expect(waves('web')).toEqual({ web: 1 });
});

const withWeb = (settings: string) =>
  shop(`services:\n  web: { ${settings} }\n  other: { context: other }\n`);
const touches = (config: ReturnType<typeof shop>, file: string) =>
  Object.keys(touched([file], { before: config }, config));

test('the ignore file of a Dockerfile outside of the context belongs to its service', () => {
  const config = withWeb('context: web, file: docker/web.Dockerfile');
  expect(touches(config, 'docker/web.Dockerfile')).toEqual(['web']);
  expect(touches(config, 'docker/web.Dockerfile.dockerignore')).toEqual(['web']);
  expect(touches(config, 'docker/other.Dockerfile.dockerignore')).toEqual([]);
  const withPaths = withWeb("paths: ['web/**', '!docker/**'], file: './docker/{service}.Dockerfile'");
  expect(touches(withPaths, 'docker/web.Dockerfile.dockerignore')).toEqual(['web']);
});

describe('every spelling of a path means the same', () => {
  test.each(['web', './web', 'web/', './web/', 'web//', 'web/.', './/web', 'other/../web', '"web/./"'])(
    'context: %s',
    (context) => {
      const config = withWeb(`context: ${context}`);
      expect(touches(config, 'web/src/a.js')).toEqual(['web']);
      expect(touches(config, 'website/a.js')).toEqual([]);
    },
  );

  test.each(['.', './', '././', 'web/..', '"./."'])('context: %s is the whole workspace', (context) => {
    expect(touches(withWeb(`context: ${context}`), 'README.md')).toEqual(['web']);
  });

  test.each(['deploy/web.json', './deploy/web.json', 'deploy//web.json', 'web/../deploy/web.json'])(
    'task-definition: %s and file: the same',
    (path) => {
      expect(touches(withWeb(`context: web, task-definition: ${path}`), 'deploy/web.json')).toEqual(['web']);
      expect(touches(withWeb(`context: web, file: ${path}`), 'deploy/web.json')).toEqual(['web']);
    },
  );

  test.each(['pages/[id]', 'a{b,c}', 'what?', 'all*', '(old)', '!new'])(
    'context: %s is no pattern',
    (folder) => {
      const config = withWeb(`context: '${folder}'`);
      expect(touches(config, `${folder}/a.js`)).toEqual(['web']);
      expect(touches(config, 'pages/i/a.js')).toEqual([]);
    },
  );
});

test.each(['context', 'file', 'task-definition', 'paths'])(
  '{environment} in %s stands for each environment',
  (input) => {
    const config = shop(
      `environments: { staging: , production: }\nservices: { web: { ${input === 'context' ? '' : 'context: web, '}${input}: 'deploy/{service}/{environment}.json' } }\n`,
    );
    const inContext = input === 'context' ? '/a' : '';
    for (const environment of ['staging', 'production']) {
      const files = [`deploy/web/${environment}.json${inContext}`];
      expect(Object.keys(touched(files, { before: config }, config))).toEqual(['web']);
    }
    expect(touched(['deploy/web/other.json/a'], { before: config }, config)).toEqual({});
  },
);

test('a path that only one environment has touches the service', () => {
  const config = shop(
    `environments: { production: }\nservices: { web: { context: web, environments: { production: { task-definition: live.json } } } }\n`,
  );
  expect(Object.keys(touched(['live.json'], { before: config }, config))).toEqual(['web']);
});

test.each(['libs/auth/**', 'libs/**', 'libs/auth/src/**', 'libs/auth/src/a.ts', '**'])(
  'a submodule that changed touches what has files in it: %s',
  (pattern) => {
    const config = shop(
      `libraries: { auth: { paths: '${pattern}' } }\nservices: { web: { context: web, uses: auth } }\n`,
    );
    expect(Object.keys(touched(['libs/auth/'], { before: config }, config))).toEqual(['web']);
    expect(touched(['else/where/'], { before: config }, config)).toEqual(
      pattern === '**' ? expect.anything() : {},
    );
  },
);

test('what one environment excludes, the patterns of another do not bring back', () => {
  const config = shop(
    `environments: { staging: , production: }\nservices: { web: { paths: ['{environment}/**', '!**/*.md'] } }\n`,
  );
  for (const environment of ['staging', 'production']) {
    expect(touched([`${environment}/a.md`], { before: config }, config)).toEqual({});
    expect(Object.keys(touched([`${environment}/a.js`], { before: config }, config))).toEqual(['web']);
  }
});

test.each([
  ["['libs/**', '!libs/auth/**']", false],
  ["['libs/**', '!**/*.md']", true],
])('a submodule that changed: the patterns %s touch: %s', (patterns, isTouched) => {
  const config = shop(`services: { web: { paths: ${patterns} } }\n`);
  const found = Object.keys(touched(['libs/auth/'], { before: config }, config));
  expect(found).toEqual(isTouched ? ['web'] : []);
});
