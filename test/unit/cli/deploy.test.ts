import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Plan } from '../../../src/report/plan.ts';
import { readTrail } from '../../../src/core/trail/trail.ts';
import { createSimulatedAws, type SimulatedAws } from '../../support/simulated-aws.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
import { call, type Called } from './calls.ts';
import { createVirtualTerminal } from './virtual-terminal.ts';

// One hour of a simulated rollout takes a few seconds.
jest.setTimeout(60_000);

const cwd = mkdtempSync(join(tmpdir(), 'cli-'));
writeFileSync(join(cwd, 'Dockerfile'), 'FROM scratch\n');
afterAll(() => rmSync(cwd, { recursive: true }));

let aws: SimulatedAws | null = null;
afterEach(async () => {
  await aws?.close();
  aws = null;
});

const GOOD = `registry.example.com/shop/web@sha256:${'a'.repeat(64)}`;
const BAD = `registry.example.com/shop/web@sha256:${'b'.repeat(64)}`;
const SERVICE = ['--service', 'web', '--cluster', 'shop', '--aws-region', 'eu-west-1'];
const REPORT = ['--events-file', 'out/events.jsonl'];

interface Watching {
  readonly cancelAt?: string;
  readonly terminal?: Terminal;
  readonly hear?: (line: string) => void;
  readonly faults?: readonly object[];
}

/** Calls the CLI in the simulated AWS, where version 1 serves. */
async function inAws(
  args: readonly string[],
  { cancelAt, terminal, hear, faults = [] }: Watching = {},
): Promise<Called> {
  aws = await createSimulatedAws({ versions: { [GOOD]: {}, [BAD]: { errorRate: 0.5 } } });
  const { clients, clock } = aws;
  aws.wire.faults.add(faults);
  const env = { GIT_COMMIT: 'c0ffee0', GIT_URL: 'https://x:secret@git.example.com/shop/web.git' };
  const cancel = new AbortController();
  const hearing = (line: string) => {
    hear?.(line);
    if (cancelAt !== undefined && line.includes(cancelAt)) cancel.abort('SIGINT');
  };
  const cancelled = cancel.signal;
  return aws.until(
    call(args, { cwd, clients, clock, env, hear: hearing, cancelled, ...(terminal && { terminal }) }),
  );
}

/** Creates a folder at the path of the summary after the inputs were checked. */
function takeTheSummarysPlace(line: string): void {
  if (line.includes('rollout: service deployment'))
    mkdirSync(join(cwd, 'late/summary.md'), { recursive: true });
}

describe('ecs-ramp deploy', () => {
  test('moves all traffic to a good release, prints its progress, and writes the same reports as the action', async () => {
    const quick = ['--steps', '50,100', '--warm-up', '0s', '--keep-old', '0m'];
    const args = ['deploy', ...SERVICE, ...REPORT, '--image', GOOD, ...quick];
    const { code, stdout, stderr } = await inAws(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('commit c0ffee0');
    for (const step of [50, 100]) {
      expect(stdout).toContain(`${step}% of production traffic goes to the new revision`);
    }
    expect(stdout).toContain('outcome: deployed');
    expect(stdout).toMatch(/summary: .*\/out\/summary\.md$/);
    const events = readTrail(join(cwd, 'out/events.jsonl'));
    expect(events[0]).toMatchObject({
      commit: 'c0ffee0',
      repositoryUrl: 'https://git.example.com/shop/web',
    });
    expect(events.at(-1)).toMatchObject({ kind: 'finished', outcome: 'deployed' });
    expect(readFileSync(join(cwd, 'out/summary.md'), 'utf8')).toContain('is deployed');
    expect(existsSync(join(cwd, 'out/recording.json'))).toBe(true);
  });

  test('draws its state on a terminal, and ends with the outcome as text', async () => {
    const terminal = createVirtualTerminal({ columns: 100 });
    const quick = ['--steps', '50,100', '--warm-up', '0s', '--keep-old', '0m'];
    const args = [
      'deploy',
      ...SERVICE,
      ...REPORT,
      '--image',
      GOOD,
      ...quick,
      '--html',
      'out/page/index.html',
    ];
    const { code, stdout } = await inAws(args, { terminal });
    expect(code).toBe(0);
    // The paths of the reports are printed as lines; the rest is drawn.
    expect(stdout).toMatch(/^summary: .*\npage: .*\/out\/page\/index\.html$/);
    expect(readFileSync(join(cwd, 'out/page/index.html'), 'utf8')).toContain('<h2>✅ web is deployed');
    const screens = terminal.lines.filter((line) => line.startsWith('── '));
    expect(screens).toEqual([expect.stringMatching(/^── web on shop ─ deployed ─+ \S.* ─$/)]);
    const after = terminal.lines.slice(terminal.lines.indexOf(screens[0]!)).join('\n');
    expect(after).toMatch(/50% +100%\n +●━+●\n/);
    expect(after).toMatch(/\n\d\d:\d\d:\d\d {2}outcome: deployed after /);
    expect(terminal.lines.join('\n')).not.toContain('waiting for');
  });

  test('exits with the code of the outcome and reports files that could not be written', async () => {
    const args = ['deploy', ...SERVICE, '--events-file', 'late/events.jsonl', '--image', BAD];
    const { code, stdout, stderr } = await inAws(args, { hear: takeTheSummarysPlace });
    expect(code).toBe(3);
    expect(stdout).toContain('outcome: rolled-back');
    expect(stderr).toMatch(/^The summary was not written: .*EISDIR/);
  });

  test('has a separate exit code for a rollback', async () => {
    const { code, stdout } = await inAws(['deploy', ...SERVICE, ...REPORT, '--image', BAD]);
    expect(code).toBe(3);
    expect(stdout).toContain('outcome: rolled-back');
  });

  test('does not start a rollout that nobody could approve', async () => {
    const denied = { service: 'ecs', operation: 'TagResource', error: 'AccessDeniedException', times: 100 };
    const args = ['deploy', ...SERVICE, ...REPORT, '--image', GOOD, '--gates', '10 approval 1h'];
    const { code, stdout } = await inAws(args, { faults: [denied] });
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /gates: an approval is stored as a tag .*allow ecs:TagResource .*Nothing was started/,
    );
  });

  test('rolls back when it is cancelled', async () => {
    const args = ['deploy', ...SERVICE, ...REPORT, '--image', GOOD];
    const { code, stdout } = await inAws(args, { cancelAt: '10% of production traffic' });
    expect(code).toBe(3);
    expect(stdout).toContain('the run is cancelled (SIGINT)');
  });

  test('reports all mistakes together, with the names of the options', async () => {
    const { code, stdout, stderr } = await call(
      [
        'deploy',
        '--sevice',
        'web',
        '--bake-time',
        '5',
        'web',
        '--steps',
        '30,10',
        '--dry-run=false',
        '--html',
        '.',
      ],
      { cwd, env: { INPUT_KEEP_OLD: '90s', AWS_REGION: 'eu-west-1' } },
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    for (const part of [
      '--sevice: there is no such option. Did you mean --service?',
      'web: it does not belong to an option',
      '--dry-run: it takes no value',
      '--service: it is missing',
      '--bake-time: "5" has no unit',
      '--steps: "30,10" does not end with 100',
      '\nkeep-old: ',
      '--repository: it is missing',
      '--tags: it is missing',
      `--html: ${cwd} is a directory, not a file`,
    ]) {
      expect(stderr).toContain(part);
    }
  });

  test('requires the region before it calls AWS', async () => {
    const { code, stderr } = await call(['deploy', '--service', 'web', '--image', GOOD], { cwd });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: '--aws-region: no AWS region is set. Set AWS_REGION, or give --aws-region.',
    });
  });
});

describe('ecs-ramp plan', () => {
  test('prints what would be done and changes nothing', async () => {
    const variables = ['--environment-variables', 'RELEASE=1', '--environment-variables', 'B=2'];
    const { code, stdout } = await inAws(['plan', ...SERVICE, '--image', GOOD, '--json', ...variables]);
    expect(code).toBe(0);
    const plan: Plan = JSON.parse(stdout);
    expect(plan).toMatchObject({ possible: true, problems: [], image: GOOD });
    expect(plan.taskDefinition?.current).toMatch(/web:1$/);
    expect(plan.taskDefinition?.changes.map(({ path, after }) => [path.split('.').at(-1), after])).toEqual(
      expect.arrayContaining([
        ['image', GOOD],
        ['RELEASE', '1'],
        ['B', '(hidden)'],
      ]),
    );
    expect(plan.rollout).toMatchObject({ steps: [10, 30, 60, 90, 100], bakeTime: 300 });
    const serves = await aws!.bystander.ecs();
    const { DescribeServicesCommand } = await import('@aws-sdk/client-ecs');
    const { services } = await serves.send(
      new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }),
    );
    expect(services?.[0]?.taskDefinition).toBe(plan.taskDefinition?.current);
  });

  test('prints the changes of the task definition as text', async () => {
    const { code, stdout } = await inAws(['plan', ...SERVICE, '--image', GOOD]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/image: v1 -> registry\.example\.com\/shop\/web@sha256:a+/);
    expect(stdout).toContain('plan: 10%, 30%, 60%, 90%, 100% of production traffic');
  });

  test.each(['plan', 'deploy'])(
    '%s refuses a task definition that does not fit the service, before anything is registered',
    async (command) => {
      const definition = {
        family: 'web',
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        cpu: '256',
        memory: '4096',
        containerDefinitions: [{ name: 'app', image: 'x', portMappings: [{ containerPort: 8080 }] }],
      };
      writeFileSync(join(cwd, 'web.json'), JSON.stringify(definition));
      const args = [
        command,
        ...SERVICE,
        '--image',
        GOOD,
        '--task-definition',
        'web.json',
        '--alarms',
        'none',
      ];
      const { code, stdout } = await inAws(args);
      expect(code).toBe(1);
      expect(stdout).toContain(
        'the load balancer of service web uses container web:8080, but the task definition has no container "web". It has app (8080).',
      );
      expect(stdout).toContain('no tasks with cpu 256 and memory 4096');
      // Together with the problems of the service.
      expect(stdout).toMatch(/no CloudWatch alarm|alarms: /);
      const { ListTaskDefinitionsCommand } = await import('@aws-sdk/client-ecs');
      const ecs = await aws!.bystander.ecs();
      const { taskDefinitionArns } = await ecs.send(new ListTaskDefinitionsCommand({ familyPrefix: 'web' }));
      expect(taskDefinitionArns).toHaveLength(1);
    },
  );

  test('lists all problems', async () => {
    const args = ['plan', ...SERVICE, '--image', GOOD, '--smoke-test', '/health', '--alarms', 'none'];
    const { code, stdout } = await inAws([...args, '--json']);
    expect(code).toBe(1);
    const plan: Plan = JSON.parse(stdout);
    expect(plan.possible).toBe(false);
    expect(plan.problems).toEqual([
      expect.stringContaining('no test listener'),
      expect.stringContaining('none'),
    ]);
  });
});

test('the help of both lists every input of the action', async () => {
  for (const command of ['deploy', 'plan']) {
    const { code, stdout } = await call([command, '--help']);
    expect(code).toBe(0);
    for (const name of ['service', 'repository', 'task-definition', 'steps', 'on-conflict', 'commit']) {
      expect(stdout).toContain(`--${name} VALUE`);
    }
  }
});
