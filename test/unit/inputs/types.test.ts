import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { revealed } from '../../support/revealed.ts';
import { stepsProblem } from '../../../src/core/plan/ecs-steps.ts';
import { build, mistakeOf, issues, request, secrets, workspace } from './request.ts';

describe('durations', () => {
  test.each([
    ['90s', 90_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['1h30m', 5_400_000],
    ['1h0m1s5ms', 3_601_005],
    ['500ms', 500],
    ['0', 0],
    ['0s', 0],
  ])('%s', (written, length) => {
    expect(request({ 'bake-time': written, 'step-timeout': '24h' }).rollout.bakeTime).toBe(length);
  });

  test.each(['5min', '1.5h', '-5m', '5 m', 'm', '30m1h', '1m1m', '5M', '1e3s', '٥m', '99999999999999h'])(
    '%s is a mistake',
    (written) => expect(mistakeOf({ 'bake-time': written })).toMatch(/^bake-time: /),
  );

  test('days are durations too', () => {
    expect(request({ 'step-timeout': '1d' }).rollout.stepTimeout).toBe(86_400_000);
    expect(mistakeOf({ 'step-timeout': '1d1s' })).toContain('Write 24h or less');
  });

  test('a number without a unit is a mistake', () => {
    expect(mistakeOf({ 'step-timeout': '45' })).toContain('Write 45m for minutes or 45s for seconds');
  });

  test('limits are inclusive and shown in the error', () => {
    expect(request({ 'step-timeout': '30s', 'bake-time': '0' }).rollout.stepTimeout).toBe(30_000);
    expect(mistakeOf({ 'step-timeout': '29s', 'bake-time': '0' })).toContain('Write 30s or more');
    expect(mistakeOf({ 'step-timeout': '24h1ms' })).toContain('Write 24h or less');
  });

  test('every duration with units is parsed correctly', () => {
    const parts = fc.record({
      h: fc.nat({ max: 20 }),
      m: fc.nat({ max: 59 }),
      s: fc.nat({ max: 59 }),
      ms: fc.nat({ max: 999 }),
    });
    fc.assert(
      fc.property(parts, ({ h, m, s, ms }) => {
        const read = request({ 'conflict-timeout': `${h}h${m}m${s}s${ms}ms` }).rollout.conflictTimeout;
        expect(read).toBe(((h * 60 + m) * 60 + s) * 1000 + ms);
      }),
      { numRuns: 50 },
    );
  });

  test('keep-old must be whole minutes', () => {
    expect(request({ 'keep-old': '0' }).rollout.keepOld).toBe(0);
    expect(request({ 'keep-old': '120s' }).rollout.keepOld).toBe(120_000);
    expect(mistakeOf({ 'keep-old': '90s' })).toContain('Write 2m');
  });

  test.each(['1s', '5s', '10s', '30s', '60s', '3m', '1h'])('CloudWatch has the period %s', (period) => {
    expect(issues({ 'metric-period': period })).toEqual([]);
  });

  test.each([
    ['2s', '5s'],
    ['15s', '30s'],
    ['45s', '1m'],
    ['90s', '2m'],
  ])('CloudWatch has no period %s; the next is %s', (period, next) => {
    expect(mistakeOf({ 'metric-period': period })).toContain(`Write ${next}.`);
  });
});

describe('numbers', () => {
  test.each([
    ['0.02', 0.02],
    ['1%', 0.01],
    ['0.5%', 0.005],
    ['50%', 0.5],
  ])('the fraction %s', (written, value) => {
    expect(request({ 'error-tolerance': written }).rollout.judging.errorTolerance).toBe(value);
  });

  test.each(['0', '0%', '-1%', '0.6', '51%', '1e-2', 'one', '.5', '0,01', '1 %', 'NaN', 'Infinity'])(
    'the fraction %s is a mistake',
    (written) => expect(mistakeOf({ 'error-tolerance': written })).toMatch(/^error-tolerance: /),
  );

  test('the error for a percentage without % suggests the %', () => {
    expect(mistakeOf({ 'max-error-rate': '5' })).toContain('Write 5% for a percentage');
  });

  test('the latency margin is a factor of 1 or more', () => {
    expect(request({ 'latency-margin': '1' }).rollout.judging.latencyMargin).toBe(1);
    expect(mistakeOf({ 'latency-margin': '0.9' })).toContain('from 1 to 100');
    expect(mistakeOf({ 'latency-margin': '20%' })).toContain('is not a number');
  });
});

describe('steps', () => {
  test.each([
    ['100', [100]],
    ['10, 50, 100', [10, 50, 100]],
    ['10%,50%,100%', [10, 50, 100]],
    ['12.5\n37.5\n100', [12.5, 37.5, 100]],
  ])('%j', (written, steps) => {
    expect(request({ steps: written }).rollout.steps).toEqual(steps);
  });

  test.each([
    ['10,30', '10,30,100'],
    ['30,10,100', '10,30,100'],
    ['10,10,100', '10,100'],
    ['100,50', '50,100'],
  ])('the error for %s suggests %s', (written, corrected) => {
    expect(mistakeOf({ steps: written })).toContain(`Write ${corrected}.`);
  });

  test.each(['0,100', '110', '10.55,100', '-5,100', 'ten,100', '10;100', ','])(
    '%s is a mistake',
    (written) => {
      expect(mistakeOf({ steps: written })).toMatch(/^steps: /);
    },
  );

  test('ascending percentages to 100 are accepted, or the error suggests steps that ECS supports', () => {
    const steps = fc
      .uniqueArray(fc.integer({ min: 1, max: 999 }), { maxLength: 8 })
      .map((tenths) => [...tenths.toSorted((a, b) => a - b).map((tenth) => tenth / 10), 100]);
    fc.assert(
      fc.property(steps, (steps) => {
        const given = { steps: steps.join(',') };
        if (stepsProblem(steps) === null) expect(request(given).rollout.steps).toEqual(steps);
        else
          expect(mistakeOf(given)).toMatch(/common divisor of 3 or more.*Write for example ([\d.]+,)*100\.$/);
      }),
      { numRuns: 50 },
    );
  });
});

describe('choices and booleans', () => {
  test.each(['true', 'True', 'TRUE'])('%s is true', (written) => {
    expect(request({ 'dry-run': written }).dryRun).toBe(true);
  });

  test.each(['yes', '1', 'on', 'tRUE', 'ture'])('%s is not a boolean', (written) => {
    expect(mistakeOf({ 'dry-run': written })).toContain('Write true or false');
  });

  test('a choice must match exactly', () => {
    expect(request({ 'on-inconclusive': 'continue' }).rollout.onInconclusive).toBe('continue');
    expect(mistakeOf({ 'on-inconclusive': 'Continue' })).toContain('Write rollback or continue');
  });
});

describe('maps', () => {
  test('the first = separates, an empty value is kept, and space around the line is removed', () => {
    expect(build({ labels: '  a=b=c==\r\nempty=\n\nurl=http://x/?a=1,b=2 \n' }).labels).toEqual({
      a: 'b=c==',
      empty: '',
      url: 'http://x/?a=1,b=2',
    });
  });

  test('a quoted entry may have several lines and contain quotes', () => {
    const { buildSecrets } = build({ 'build-secrets': 'a=1\n"key=first\n""second"", last"\nb="2"' });
    const shown = Object.entries(buildSecrets).map(([id, secret]) => [id, secret.reveal()]);
    expect(Object.fromEntries(shown)).toEqual({ a: '1', key: 'first\n"second", last', b: '"2"' });
  });

  test('all pairs are parsed unchanged', () => {
    const value = fc.stringMatching(/^[!-~]([ -~]*[!-~])?$|^$/);
    const pairs = fc.dictionary(fc.stringMatching(/^[A-Za-z_][\w.-]*$/), value, { noNullPrototype: true });
    fc.assert(
      fc.property(pairs, (pairs) => {
        const text = Object.entries(pairs).map(([key, value]) => `${key}=${value}`);
        expect(build({ labels: text.join('\n') }).labels).toEqual(pairs);
      }),
    );
  });

  test('a duplicate key is a mistake, reported with both lines', () => {
    expect(mistakeOf({ 'environment-variables': 'A=1\nB=2\nA=1' })).toContain(
      'A is set twice, in lines 1 and 3',
    );
  });

  test('a line without = is a mistake', () => {
    expect(mistakeOf({ 'environment-variables': 'A=1\nLOG_LEVEL debug' })).toContain('line 2 has no "="');
    expect(mistakeOf({ 'environment-variables': 'LOG LEVEL=debug' })).toContain(
      'line 1 before "=" is not a valid name',
    );
  });

  test('names of variables may contain dots and dashes', () => {
    expect(
      request({ 'environment-variables': 'spring.profiles-x=a' }).taskDefinition.environmentVariables,
    ).toEqual({
      'spring.profiles-x': 'a',
    });
  });

  test('a build argument without a value takes it from the environment, even if it is empty', () => {
    const env = { NPM_TAG: 'next', EMPTY: '' };
    expect(build({ 'build-args': 'NPM_TAG\nA=1,2\nEMPTY' }, env).buildArgs).toEqual({
      NPM_TAG: 'next',
      A: '1,2',
      EMPTY: '',
    });
    expect(mistakeOf({ 'build-args': 'NPM_TAG' })).toContain('Write NPM_TAG=value, or set NPM_TAG in env');
  });

  test('errors never contain a part of a secret', () => {
    const found = issues({
      'build-secrets': 'hunter2\nA=hunter2\nA=hunter2',
      secrets: 'B=hunter2 is my password\nhunter2\nhunter 2=x',
      registry: 'r.example.com',
      'registry-username': 'ci',
      'registry-password': 'hunter2\nhunter2',
    });
    expect(found.length).toBeGreaterThanOrEqual(6);
    expect(JSON.stringify(found)).not.toContain('hunter');
  });

  test('a secret of the container must be a reference', () => {
    const secrets = {
      A: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-AbC123:password::',
      B: 'arn:aws-cn:ssm:cn-north-1:123456789012:parameter/shop/key',
      C: '/shop/key',
    };
    const text = Object.entries(secrets).map(([key, value]) => `${key}=${value}`);
    expect(request({ secrets: text.join('\n') }).taskDefinition.secrets).toEqual(secrets);
    expect(mistakeOf({ secrets: 'A=arn:aws:s3:::bucket' })).toContain(
      'line 1 is not a reference to a secret',
    );
  });
});

describe("docker's names", () => {
  test.each([
    'shop/web:1.0',
    'localhost/web:latest',
    'localhost:5000/shop/web:v1',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web:1',
    `web@sha256:${'0'.repeat(64)}`,
    `shop/a__b--c.d_e:1@sha256:${'f'.repeat(64)}`,
    '[::1]:5000/web:1',
  ])('%s is an image', (image) => {
    expect(request({ image, repository: '' }).image).toEqual({ kind: 'given', reference: image });
  });

  test.each([
    ['shop/web', 'shop/web:TAG'],
    ['Shop/Web:1', 'shop/web:1'],
    ['https://r.example.com/web:1', 'Write r.example.com/web:1, without the scheme'],
    ['shop/web:', 'has no tag or digest'],
    ['r.example.com/shop/web@', 'If it is composed of step outputs, check the id of the step'],
    ['/shop/web:1', 'has no registry'],
    ['shop//web:1', 'with "/" between the parts'],
    ['shop/web@sha256:abc', 'with "/" between the parts'],
    [`${'a/'.repeat(128)}a:1`, 'with "/" between the parts'],
  ])('%s is not an image: %s', (image, fix) => {
    expect(mistakeOf({ image, repository: '' })).toContain(fix);
  });

  test.each([
    ['r.example.com/shop/web', 'Write repository: shop/web and registry: r.example.com'],
    ['1.dkr.ecr.eu-west-1.amazonaws.com/shop/web', 'Write repository: shop/web.'],
    ['shop/web:1', 'is not the name of a repository'],
    ['Shop', 'shop'],
    ['/shop', 'is not the name of a repository'],
  ])('%s is not a repository: %s', (repository, fix) => {
    expect(mistakeOf({ repository })).toContain(fix);
  });

  test('tags are separated by commas or newlines; duplicates and repositories are mistakes', () => {
    expect(build({ tags: 'v1, v1.2\nlatest' }).tags).toEqual(['v1', 'v1.2', 'latest']);
    expect(mistakeOf({ tags: 'v1,v1' })).toContain('"v1" is given twice');
    expect(mistakeOf({ tags: 'shop/web:v1' })).toContain('Write v1, and give the repository in the input');
    expect(mistakeOf({ tags: 'feature/x' })).toContain('Write feature-x');
    expect(mistakeOf({ tags: 'a'.repeat(129) })).toContain('is not a tag');
    for (const wrong of [
      'a'.repeat(130),
      `${'Feature/'.repeat(20)}x`,
      `shop/web:${'b'.repeat(150)}`,
      '.-.',
      'é',
    ]) {
      const [, advice = ''] = /Write (\S+?)(?:[.,]?(?:$|\s))/.exec(mistakeOf({ tags: wrong })) ?? [];
      expect(build({ tags: advice }).tags).toEqual([advice]);
    }
  });

  test('a registry must be a host', () => {
    expect(mistakeOf({ registry: 'https://r.example.com/v2/' })).toContain('Write r.example.com');
    expect(build({ registry: '127.0.0.1:5000' }).push.registry).toBe('127.0.0.1:5000');
  });

  test('platforms', () => {
    expect(build({ platforms: 'linux/amd64,linux/arm64/v8' }).platforms).toEqual([
      'linux/amd64',
      'linux/arm64/v8',
    ]);
    expect(mistakeOf({ platforms: 'aarch64' })).toContain('Write linux/arm64');
  });

  test('caches must be images in a registry', () => {
    expect(build({ 'cache-from': 'type=registry,ref=shop/web:cache\nshop/web' }).cacheFrom).toEqual([
      'shop/web:cache',
      'shop/web',
    ]);
    expect(mistakeOf({ 'cache-from': 'type=gha' })).toContain('is not a supported cache');
  });
});

describe('smoke tests', () => {
  test('path, status and times', () => {
    expect(request({ 'smoke-test': '/health\n/old 301\n/a?b=1 x5\n/c 204 x1' }).rollout.smokeTests).toEqual([
      { path: '/health', status: 200, times: 3 },
      { path: '/old', status: 301, times: 3 },
      { path: '/a?b=1', status: 200, times: 5 },
      { path: '/c', status: 204, times: 1 },
    ]);
  });

  test.each(['health', '/a 20', '/a 600', '/a x0', '/a x1001', '/a 200 3', '/a b', 'http://x/health'])(
    '%s is a mistake',
    (line) => expect(mistakeOf({ 'smoke-test': line })).toMatch(/^smoke-test: /),
  );

  test('the URL is a base URL', () => {
    expect(request({ 'smoke-test-url': 'http://test.example.com:8443/' }).rollout.smokeTestUrl).toBe(
      'http://test.example.com:8443',
    );
    expect(mistakeOf({ 'smoke-test-url': 'test.example.com:8443' })).toContain('http://HOST:PORT');
    expect(mistakeOf({ 'smoke-test-url': 'http://user:hunter2@x' })).not.toContain('hunter2');
  });
});

describe('names of ECS', () => {
  test('the error for an ARN suggests the name in it', () => {
    expect(mistakeOf({ service: 'arn:aws:ecs:eu-west-1:123456789012:service/prod/web' })).toContain(
      'Write its name, web,',
    );
    expect(mistakeOf({ cluster: 'arn:aws:ecs:eu-west-1:123456789012:cluster/prod' })).toContain(
      'Write its name, prod,',
    );
  });
});

const web = (metric: string, more = {}) => ({
  namespace: 'Shop/Web',
  metric,
  dimensions: { R: '{revision}', ...more },
});

describe('custom metrics', () => {
  test('have counts or limits, one per line', () => {
    const metrics = [
      'failed checkouts = Shop/Web/Failed{R={revision}} + Shop/Web/Lost{R={revision}} of Shop/Web/Checkout{R={revision},Stage=prod}',
      'queue = Maximum(Shop/Age{Task={task-definition}}) <= 60.5',
    ].join('\n');
    expect(request({ metrics }).rollout.metrics).toEqual([
      {
        name: 'failed checkouts',
        kind: 'counts',
        bad: [web('Failed'), web('Lost')],
        total: [web('Checkout', { Stage: 'prod' })],
      },
      {
        name: 'queue',
        kind: 'limit',
        statistic: 'Maximum',
        metric: { namespace: 'Shop', metric: 'Age', dimensions: { Task: '{task-definition}' } },
        max: 60.5,
      },
    ]);
  });
  test.each([
    ['Shop/Failed{R={revision}} of Shop/All', 'no name'],
    ['a = Shop/Failed{R={revision}}', 'neither BAD of TOTAL nor a limit'],
    ['a = Shop/Failed{R=7} of Shop/All{R={revision}}', 'is the same for both revisions'],
    ['a = Shop/Failed{R={revison}} of Shop/All{R={revision}}', 'id you mean "revision"?'],
    ['a = Failed{R={revision}} of Shop/All{R={revision}}', 'is not a metric'],
    ['a = Shop/Age{R={revision}} <= 60', 'is not a limit'],
    ['a = Maximum(Shop/Age{R={revision}}) <= 0', 'is 0'],
  ])('%s is a mistake', (metrics, told) => {
    expect(mistakeOf({ metrics })).toContain(told);
  });
});

const gatesOf = (gates: string) => revealed(request({ gates }).rollout.gates);

describe('gates', () => {
  test('are parsed by kind', () => {
    const written =
      '30 approval 2h\n0%  webhook 20m https://ci:pw@tests.example.com/run?a=b,c\n60 command 15m ./test.sh --all';
    expect(gatesOf(written)).toEqual([
      { kind: 'approval', percent: 30, within: 7_200_000 },
      {
        kind: 'webhook',
        percent: 0,
        within: 1_200_000,
        origin: 'https://tests.example.com',
        url: 'https://ci:pw@tests.example.com/run?a=b,c',
      },
      {
        kind: 'command',
        percent: 60,
        within: 900_000,
        program: './test.sh',
        args: ['--all'],
        directory: workspace,
      },
    ]);
  });

  test.each([
    [`./t.sh "two words" 'it "is"' a"b c"d --x=''`, ['two words', 'it "is"', 'ab cd', '--x=']],
    [`./t.sh '$HOME; rm -rf *' ""`, ['$HOME; rm -rf *', '']],
  ])('a command has arguments and runs without a shell: %s', (command, args) => {
    expect(gatesOf(`0 command 5m ${command}`)).toMatchObject([{ program: './t.sh', args }]);
  });

  test.each([
    ['30', 'write "30 approval 2h"'],
    ['30 aproval 2h', '"aproval" is not a kind of gate'],
    ['approval 2h', '"2h" is not a kind of gate'],
    ['x approval 2h', '"x" is not a step. Start with the step'],
    ['101 approval 2h', '"101" is not a step'],
    ['30 approval', 'there is no deadline after approval'],
    ['30 approval 90', 'Write 90m for minutes or 90s for seconds'],
    ['30 approval 2h now', '"now" after the deadline is not allowed'],
    [
      '30 webhook https://x.example 20m',
      'there is no deadline after webhook. Write it as PERCENT webhook DEADLINE URL',
    ],
    ['30 webhook 20m', 'the text after the deadline is not a URL'],
    ['30 webhook 20m ftp://x.example', 'the text after the deadline is not a URL'],
    ['30 command 20m', 'there is no program after the deadline'],
    ['30 command 20m a | b', '"|" contains |, but no shell runs the command'],
    ['30 command 20m a "b', 'has a quote that is not closed'],
    ['20 approval 2h', '20% is not a step of this rollout. Put the gate at 0 or 10 or 30 or 60 or 90'],
    ['100 approval 2h', 'a gate at 100% has no effect'],
  ])('%s is a mistake', (written, told) => {
    const text = mistakeOf({ gates: written });
    expect(text).toMatch(/^gates: /);
    expect(text.toLowerCase()).toContain(told.toLowerCase());
  });

  test('two mistakes in one line are reported together', () => {
    expect(issues({ gates: 'x webhook 20m nowhere' })).toHaveLength(2);
  });

  test('the URL of a webhook is masked, because it may contain a token', () => {
    const url = 'https://tests.example.com/run?token=s3cr3t';
    expect(secrets({ gates: `0 webhook 5m ${url}` })).toEqual(expect.arrayContaining([url, 's3cr3t']));
  });
});
