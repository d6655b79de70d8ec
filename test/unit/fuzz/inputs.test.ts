import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { mainAction } from '../../../src/inputs/actions/main.ts';
import { inUnits } from '../../../src/core/time/duration.ts';
import { InvalidInputs } from '../../../src/inputs/issue.ts';
import { requestFrom } from '../../support/request-from.ts';
import { Secret } from '../../../src/core/secrecy/secret.ts';
import { revealed } from '../../support/revealed.ts';
import type { CustomMetric, Gate, MetricName, Request, SmokeTest } from '../../../src/core/request.ts';
import { fuzzing, nastyText } from '../../support/fuzzing.ts';

const { definitions } = mainAction;
type InputName = keyof typeof definitions;
const isInputName = (name: string): name is InputName => Object.hasOwn(definitions, name);
const inputNames = Object.keys(definitions).filter(isInputName);

const workspace = mkdtempSync(join(tmpdir(), 'fuzz-inputs-'));
afterAll(() => rmSync(workspace, { recursive: true }));
writeFileSync(join(workspace, 'Dockerfile'), 'FROM scratch\n');
mkdirSync(join(workspace, 'folder'));
const TASK_DEFINITION = { family: 'web', containerDefinitions: [{ name: 'web', image: 'x' }] };
writeFileSync(join(workspace, 'task.json'), JSON.stringify(TASK_DEFINITION));

/** A value of each input that is taken. */
const TAKEN: Readonly<Record<InputName, string>> = {
  config: 'ecs-ramp.yml',
  environment: 'production',
  service: 'web',
  cluster: 'shop',
  image: 'registry.example.com:5000/shop/web:v1',
  context: '.',
  file: 'Dockerfile',
  target: 'release',
  'build-args': 'VERSION=1.2\nPATH',
  forbid: 'privileged, host-network',
  'container-logs': 'hide',
  'allowed-account-ids': '123456789012',
  'build-secrets': 'npm=s3cr3t-of-npm\n"key=line one\nline two"',
  labels: 'team=shop',
  platforms: 'linux/amd64,linux/arm64',
  'cache-from': 'shop/web\ntype=registry,ref=shop/web:cache',
  'reuse-image': 'true',
  tags: 'v1,latest',
  repository: 'shop/web',
  registry: 'registry.example.com:5000',
  'registry-username': 'robot',
  'registry-password': 's3cr3t-of-registry',
  'task-definition': 'task.json',
  'container-name': 'web',
  'environment-variables': 'LEVEL=info\nEMPTY=',
  secrets: 'TOKEN=arn:aws:ssm:eu-west-1:123456789012:parameter/token',
  'aws-region': 'eu-central-1',
  'role-to-assume': 'arn:aws:iam::123456789012:role/release/web',
  'role-chaining': 'true',
  steps: '10,30,60,90,100',
  'bake-time': '90s',
  'step-timeout': '1h30m',
  'start-timeout': '500s',
  'capacity-timeout': '45m',
  'keep-old': '10m',
  gates:
    '10 approval 2h\n0 webhook 20m https://tests.example.com/run?key=1\n0 command 15m ./test.sh "two words"',
  'smoke-test': '/health 204 x10\n/',
  'smoke-test-url': 'http://test.example.com:8080/base',
  'metric-period': '60s',
  'metric-delay': '2m',
  'warm-up': '3m',
  'false-alarm-rate': '1%',
  'error-tolerance': '0.01',
  'max-error-rate': '0.05',
  'latency-margin': '1.2',
  metrics: 'failed = Shop/Failed{R={revision}} + Shop/Lost{R={revision}} of Shop/All{R={revision}}',
  alarms: 'web-5xx\nweb latency',
  'on-inconclusive': 'continue',
  'on-no-room': 'fail',
  'on-conflict': 'fail',
  'conflict-timeout': '0',
  'on-cancel': 'leave',
  'on-newer': 'deploy',
  strategy: 'canary',
  'github-deployment': 'true',
  'environment-url': 'https://{service}.example.com/?a=b',
  'commit-status': 'true',
  comment: 'true',
  'issue-on-rollback': 'true',
  'github-token': 's3cr3t-of-github',
  webhook: 'https://hooks.example.com/s3cr3t-of-webhook',
  'webhook-format': 'teams',
  'dry-run': 'TRUE',
  'events-file': 'out/events.jsonl',
  'summary-file': 'out/summary.md',
};

const SECRET = /s3cr3t-of-\w+/;

function read(inputs: ReadonlyMap<string, string>): Request | InvalidInputs {
  const env = Object.fromEntries([...inputs].map(([name, text]) => [`INPUT_${name.toUpperCase()}`, text]));
  try {
    return requestFrom({ env: { ...env, GITHUB_SHA: 'a'.repeat(40), PATH: '/bin' }, workspace });
  } catch (error) {
    // Anything else fails the test.
    if (error instanceof InvalidInputs) return error;
    throw error;
  }
}

const text = (name: InputName) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(TAKEN[name]) },
    nastyText,
    fc.tuple(nastyText, nastyText).map(([before, after]) => `${before}${TAKEN[name]}${after}`),
    fc.tuple(fc.nat(), nastyText).map(([at, inserted]) => {
      const index = at % (TAKEN[name].length + 1);
      return TAKEN[name].slice(0, index) + inserted + TAKEN[name].slice(index);
    }),
    fc.nat().map((at) => TAKEN[name].slice(0, at % TAKEN[name].length)),
  );

/** With lines that are parts of a secret of several lines, which somebody forgot to quote. */
const secretText = (name: InputName) =>
  text(name).map((text) => `${text}\ns3cr3t-of-line=\ns3cr3t-of-line=\n"s3cr3t-of-quote\ns3cr3t-of-end`);

const given = fc
  .subarray([...inputNames], { minLength: 1, maxLength: 8 })
  .chain((names) => fc.tuple(...names.map((name) => text(name).map((text) => [name, text] as const))))
  .map((inputs) => new Map<string, string>([['service', 'web'], ['repository', 'shop/web'], ...inputs]));

describe('whatever is given', () => {
  test('is a request, or mistakes that each name an input and its fix, on one line', () => {
    fc.assert(
      fc.property(given, (inputs) => {
        const result = read(inputs);
        if (!(result instanceof InvalidInputs)) return;
        expect(result.issues.length).toBeGreaterThan(0);
        for (const { input, text } of result.issues) {
          expect(inputNames).toContain(input);
          expect(text.startsWith(`${input}: `)).toBe(true);
          expect(text).not.toMatch(/[\n\r]/);
        }
      }),
      fuzzing(1_500),
    );
  });

  test('no mistake shows a part of a secret', () => {
    const secrets = fc
      .record({
        'build-secrets': secretText('build-secrets'),
        'registry-password': secretText('registry-password'),
        secrets: secretText('secrets'),
        'build-secret': secretText('build-secrets'),
      })
      .map((texts) => new Map([['service', 'web'], ['repository', 'shop/web'], ...Object.entries(texts)]));
    fc.assert(
      fc.property(secrets, (inputs) => {
        const result = read(inputs);
        expect(result).toBeInstanceOf(InvalidInputs);
        expect(JSON.stringify(result)).not.toMatch(SECRET);
        if (result instanceof InvalidInputs) expect(result.message).not.toMatch(SECRET);
      }),
      fuzzing(200),
    );
  });

  test('and any variable of the environment that looks like an input is one, or a mistake that says so', () => {
    const name = fc.oneof(
      nastyText,
      fc.constantFrom('__proto__', 'constructor', 'hasOwnProperty', 'SERVICE '),
    );
    fc.assert(
      fc.property(name, nastyText, (name, text) => {
        const result = read(
          new Map([
            ['service', 'web'],
            ['repository', 'shop/web'],
            [name, text],
          ]),
        );
        const known = inputNames.some((known) => known === name.toLowerCase().replaceAll('_', '-'));
        if (!known) expect(result).toBeInstanceOf(InvalidInputs);
      }),
      fuzzing(300),
    );
  });
});

test.each([...inputNames])('%s: NUL is refused', (name) => {
  const result = read(
    new Map([
      ['service', 'web'],
      ['repository', 'shop/web'],
      [name, `${TAKEN[name]}\0${TAKEN[name]}`],
    ]),
  );
  expect(result).toMatchObject({
    issues: expect.arrayContaining([expect.objectContaining({ input: name })]),
  });
});

describe('a value that is taken', () => {
  test.each([...inputNames])('%s: written in its plainest way, it means the same', (name) => {
    const { type } = definitions[name];
    fc.assert(
      fc.property(text(name), (text) => {
        const given = text.trim();
        const parsed = given === '' || given.includes('\0') ? null : type.parse(given);
        if (parsed === null || !('value' in parsed)) return;
        expect(revealed(type.parse(plainest(name, parsed.value)))).toEqual(revealed(parsed));
      }),
      fuzzing(60),
    );
  });
});

/** As a person would write the value who knows nothing of how it was given. */
function plainest(name: InputName, value: unknown): string {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return value;
  if (value instanceof Secret) return value.reveal();
  if (typeof value === 'number') {
    return definitions[name].type.allowed.includes('duration') ? inUnits(value) : decimal(value);
  }
  if (value instanceof Map) {
    const entries: [string, string | Secret | null][] = [...value];
    return entries
      .map(([key, value]) =>
        quoted(value === null ? key : `${key}=${value instanceof Secret ? value.reveal() : value}`),
      )
      .join('\n');
  }
  if (!Array.isArray(value)) throw new Error(`${name} has a value of an unknown shape`);
  if (name === 'steps') return value.join();
  if (name === 'smoke-test')
    return value.map(({ path, status, times }: SmokeTest) => `${path} ${status} x${times}`).join('\n');
  if (name === 'gates') return value.map(gate).join('\n');
  if (name === 'metrics') return value.map(metric).join('\n');
  return value.join('\n');
}

const quoted = (entry: string) => `"${entry.replaceAll('"', '""')}"`;

/** Without an exponent. */
const decimal = (value: number) =>
  value.toLocaleString('en-US', {
    useGrouping: false,
    maximumSignificantDigits: 21,
    maximumFractionDigits: 100,
  });

function gate(gate: Gate): string {
  const what =
    gate.kind === 'approval'
      ? []
      : gate.kind === 'webhook'
        ? [gate.url.reveal()]
        : [gate.program, ...gate.args.map((text) => text.reveal())].map(
            (word) => `"${word.split('"').join(`"'"'"`)}"`,
          );
  return [decimal(gate.percent), gate.kind, inUnits(gate.within), ...what].join(' ');
}

function metric(metric: CustomMetric): string {
  return metric.kind === 'limit'
    ? `${metric.name} = ${metric.statistic}(${metricName(metric.metric)}) <= ${decimal(metric.max)}`
    : `${metric.name} = ${metric.bad.map(metricName).join(' + ')} of ${metric.total.map(metricName).join(' + ')}`;
}

function metricName({ namespace, metric, dimensions }: MetricName): string {
  const pairs = Object.entries(dimensions).map(([name, value]) => `${name}=${value}`);
  return `${namespace}/${metric}{${pairs.join(',')}}`;
}

describe('a near miss', () => {
  const typed = inputNames.filter((name) =>
    /^(a duration|a number|a fraction|percentages|\w+ or \w+$)/.test(definitions[name].type.allowed),
  );
  const slips: readonly ((text: string) => string)[] = [
    (text) => text.replace(/\d/, (digit) => String.fromCharCode(0xff10 + Number(digit))),
    (text) => text.replace(/\d/, (digit) => String.fromCharCode(0x0660 + Number(digit))),
    (text) => text.replace(/^/, '+'),
    (text) => text.replace(/^/, '-'),
    (text) => text.replace(/\d/, '$&_0'),
    (text) => text.replace(/\d/, '$&e0'),
    (text) => text.replace(/\d/, '$&\u200b'),
    (text) => text.replace(/^./, '$&\0'),
    (text) => text.replace(/^./, '$&\u202e'),
    (text) => text.replace(/^./, '$& '),
    (text) => text.replace(/^/, '0x'),
    (text) => `${text},5`,
    (text) => `${text}.`,
    (text) => `${text}x`,
    (text) => `${text}\r\n${text}`,
    (text) => `"${text}"`,
    (text) => `'${text}'`,
    (text) => text.replace(/[a-z%]$/i, (unit) => (unit === unit.toLowerCase() ? unit.toUpperCase() : 'ß')),
  ];

  test.each(typed)('%s: is refused, or means exactly what it says', (name) => {
    const { type } = definitions[name];
    const taken = type.parse(TAKEN[name]);
    for (const slip of slips) {
      const slipped = slip(TAKEN[name]);
      const parsed = type.parse(slipped.trim());
      if (slipped !== TAKEN[name] && 'value' in parsed) expect([slipped, parsed]).toEqual([slipped, taken]);
    }
  });

  test.each(['yes', 'no', 'on', 'off', '1', '0', 'y', 'tRUE', 'true true', 'wahr', 'ｔｒｕｅ'])(
    'dry-run: %s is refused: it would be taken for false',
    (text) => expect(definitions['dry-run'].type.parse(text)).toHaveProperty('problems'),
  );
});
