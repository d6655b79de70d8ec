import { describe, expect, test } from '@jest/globals';
import manifest from '../../../package.json' with { type: 'json' };
import { call } from './calls.ts';

const AWS = { env: { AWS_REGION: 'eu-west-1' } };

describe('ecs-ramp', () => {
  test('prints its purpose and the commands', async () => {
    for (const args of [['--help'], ['-h'], ['help']]) {
      const { code, stdout } = await call(args);
      expect(code).toBe(0);
      expect(stdout).toContain('Usage: ecs-ramp COMMAND');
      expect(stdout).toMatch(/^ {2}judge /m);
    }
    expect(await call(['--version'])).toEqual({ code: 0, stdout: manifest.version, stderr: '' });
  });

  test('without a command or with an unknown one, prints an error with help', async () => {
    expect(await call([])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Usage') });
    const { code, stderr } = await call(['jugde']);
    expect(code).toBe(2);
    expect(stderr).toContain('There is no command "jugde": did you mean "judge"? Commands: ');
  });
});

describe('ecs-ramp judge', () => {
  test('explains every option and exit code, even with other options', async () => {
    const { code, stdout } = await call(['judge', '--nonsense', '--help']);
    expect(code).toBe(0);
    for (const name of [
      'false-alarm-rate',
      'warm-up',
      'config',
      'aws-region',
      'explain',
      'exit-code',
      'service',
      'from',
      'share',
      'seed',
    ]) {
      expect(stdout).toContain(`--${name}`);
    }
    expect(stdout).toMatch(/^ {2}3 .*rollback/m);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(110);
  });

  test('reports all mistakes together, each with its fix', async () => {
    const args = [
      'judge',
      '--sevice',
      'web',
      '--warmup',
      '2m',
      '--warm-up',
      '5',
      'a.json',
      'b.json',
      '--share=3',
    ];
    const { code, stdout, stderr } = await call(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('--sevice: there is no such option. Did you mean --service?');
    expect(stderr).toContain('--warmup: there is no such option. Did you mean --warm-up?');
    expect(stderr).toContain('--warm-up: "5" has no unit');
    expect(stderr).toContain('b.json: it cannot be used with a recording');
    expect(stderr).toContain('--share: it cannot be used with a recording');
  });

  test.each([
    ['neither a file nor a service', [], 'neither a recording nor a service is given'],
    ['a service without a beginning', ['--service', 'web'], '--from: it is missing'],
    ['a value that is an option', ['--service', 'web', '--from', '--explain'], '--from: it has no value'],
    ['a flag with a value', ['--explain=yes', '-'], '--explain: it takes no value'],
    [
      'an option twice',
      ['--service', 'web', '--from', '3h', '--from', '2h'],
      '--from: it is given more than once',
    ],
    [
      'a share of everything',
      ['--service', 'web', '--from', '3h', '--share', '100'],
      '--share: 100 is out of range',
    ],
    [
      'half a rollout',
      ['--service', 'web', '--from', '3h', '--rollouts', '20.5'],
      '--rollouts: "20.5" is not a whole',
    ],
    ['no time', ['--service', 'web', '--from', 'yesterday'], '--from: "yesterday" is not a time'],
    [
      'no day',
      ['--service', 'web', '--from', '2026-13-01'],
      '--from: "2026-13-01" does not exist in the calendar',
    ],
    ['no time zone', ['--service', 'web', '--from', '2026-11-20T08:00'], 'has no time zone'],
    [
      'an end before the beginning',
      ['--service', 'web', '--from', '1h', '--to', '2h'],
      'it is after the end of the complete metrics',
    ],
    [
      'less than a rollout',
      ['--service', 'web', '--from', '40m'],
      '38m of complete metrics since then, less than the 1h',
    ],
    [
      'what CloudWatch has forgotten',
      ['--service', 'web', '--from', '400h'],
      'keeps periods of 1m only for 15d',
    ],
    [
      'too short a rollout',
      ['--service', 'web', '--from', '3h', '--length', '20m', '--step-timeout', '30m'],
      '20m is shorter than step-timeout, 30m',
    ],
    [
      'a file with a service',
      ['a.json', '--service', 'web', '--from', '3h'],
      'a.json: it cannot be used with --service',
    ],
  ])('refuses %s', async (_, args, message) => {
    const { code, stderr } = await call(['judge', ...args], AWS);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  test('requires the region before it calls AWS', async () => {
    const { code, stderr } = await call(['judge', '--service', 'web', '--from', '3h']);
    expect(code).toBe(2);
    expect(stderr).toBe('--aws-region: no AWS region is set. Set AWS_REGION, or give --aws-region.');
  });

  test('rejects settings that the judge rejects', async () => {
    const args = ['judge', '--service', 'web', '--from', '3h', '--false-alarm-rate', '7'];
    const { code, stderr } = await call(args, AWS);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^--false-alarm-rate: "?7/);
  });
});
