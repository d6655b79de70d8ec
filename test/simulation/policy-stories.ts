// Commands of ecs-ramp on the simulated AWS, run with a given IAM policy. They show which
// permissions each command requires.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteClusterCommand,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  type Tag,
  TagResourceCommand,
} from '@aws-sdk/client-ecs';
import { nameOfArn } from '../../src/core/arn.ts';
import type { PolicyDocument } from '../../src/commands/policy/document.ts';
import type { ServiceNames } from '../../src/commands/policy/names.ts';
import type { Use } from '../../src/commands/policy/needs.ts';
import { gateTags } from '../../src/rollout/traffic/gate-tag.ts';
import { savedConfigurationTags } from '../../src/rollout/traffic/saved-configuration.ts';
import { canaryConfiguration } from '../../src/rollout/strategies/canary/canary.ts';
import { HOUR, MINUTE, SECOND } from '../../src/core/time/clock.ts';
import { BLUE_GREEN, openDeployedSandbox, type DeployedSandbox } from '../support/deployed-sandbox.ts';
import { rolloutRequest } from '../support/rollout-request.ts';
import { call, type Called } from '../unit/cli/calls.ts';
import { balancedWeb, createRule, forward, setActions } from '../unit/commands/drift/balanced-web.ts';

/** The names of service `web` for `ecs-ramp policy`. */
export const WEB: ServiceNames = {
  partition: 'aws',
  region: 'eu-west-1',
  account: '123456789012',
  cluster: 'shop',
  service: 'web',
  family: 'web',
  repository: null,
  logGroups: ['/shop/web'],
  taskRoles: ['arn:aws:iam::123456789012:role/execution', 'arn:aws:iam::123456789012:role/task'],
  infrastructureRole: 'arn:aws:iam::123456789012:role/ecs-infrastructure',
  rolling: false,
  privileged: false,
  subnets: [],
  alarms: true,
};

const image = (digit: string) => `registry.example.com/shop/web@sha256:${digit.repeat(64)}`;
const GOOD = image('a');
const BAD = image('b');
const CRASHING = image('c');
const BEFORE = image('d');
const SICK = image('e');
const COMMIT = 'b'.repeat(40);

const cwd = mkdtempSync(join(tmpdir(), 'policy-'));
const definition = (name: string) => ({
  family: 'web',
  networkMode: 'awsvpc' as const,
  requiresCompatibilities: ['FARGATE' as const],
  cpu: '256',
  memory: '512',
  executionRoleArn: WEB.taskRoles[0],
  taskRoleArn: WEB.taskRoles[1],
  containerDefinitions: [
    {
      name: 'web',
      image: name,
      portMappings: [{ containerPort: 8080 }],
      logConfiguration: {
        logDriver: 'awslogs' as const,
        options: { 'awslogs-group': '/shop/web', 'awslogs-stream-prefix': 'ecs' },
      },
    },
  ],
});
writeFileSync(
  join(cwd, 'ecs-ramp.yml'),
  'services: { web: { cluster: shop, repository: shop/web, keep-revisions: 3, keep-images: 3 } }',
);
writeFileSync(join(cwd, 'task-definition.json'), JSON.stringify(definition('web')));

/** A command that a role runs, from start to end. */
export interface Story {
  readonly use: Use;
  readonly name: string;
  readonly also?: readonly Use[];
  /** The ECR repository that images are pushed to. */
  readonly repository?: string;
  /** The policy is for all services of the cluster. */
  readonly whole?: true;
  /** Prepares the service, with all permissions. */
  readonly before?: (sandbox: DeployedSandbox) => Promise<void>;
  readonly args: readonly string[];
  /** Cancels when the output contains this. */
  readonly cancelAt?: string;
  /** Exit code if all required actions are allowed. */
  readonly ends: number;
  /** Text that the output then contains. */
  readonly says?: string;
}

const SERVICE_ARN = 'arn:aws:ecs:eu-west-1:123456789012:service/shop/web';
const SERVICE = ['--service', 'web', '--cluster', 'shop'];
const REPORT = ['--events-file', 'out/events.jsonl', '--summary-file', 'out/summary.md'];
const RELEASE = [
  'deploy',
  ...SERVICE,
  ...REPORT,
  ...'--task-definition task-definition.json --alarms calm --steps 50,100 --warm-up 0s --keep-old 0m'.split(
    ' ',
  ),
];
const onTheWay = async (sandbox: DeployedSandbox) => sandbox.ramp(await sandbox.release(GOOD, COMMIT), 30);
const released = async (sandbox: DeployedSandbox) => sandbox.deploy(await sandbox.release(GOOD, COMMIT));

const lease = ({ clock }: DeployedSandbox): Tag => {
  const until = new Date(clock.now() + SECOND).toISOString().replace(/\.\d+Z/, 'Z');
  return {
    key: 'ecs-ramp:lease',
    value: `${until} abc https://github.com/shop/web/actions/runs/1/attempts/1 deploy`,
  };
};

async function writeOnService({ bystander }: DeployedSandbox, tags: Tag[]): Promise<void> {
  const ecs = await bystander.ecs();
  await ecs.send(new TagResourceCommand({ resourceArn: SERVICE_ARN, tags }));
}

/** The run was killed at 30%, and its lease has expired. */
async function deadHalfWay(sandbox: DeployedSandbox): Promise<void> {
  await onTheWay(sandbox);
  await writeOnService(sandbox, [lease(sandbox)]);
  await sandbox.clock.advance(15 * MINUTE);
}

/** The run is alive and waits for an approval at 30%. */
async function waiting(sandbox: DeployedSandbox): Promise<void> {
  await onTheWay(sandbox);
  const until = new Date(sandbox.clock.now() + HOUR);
  const lives = {
    ...lease(sandbox),
    value: lease(sandbox).value!.replace(/^\S+/, until.toISOString().replace(/\.\d+Z/, 'Z')),
  };
  const { arn } = await sandbox.newest();
  const gate = { says: 'waiting', percent: 30, at: until.getTime(), by: '', reason: null } as const;
  await writeOnService(sandbox, [lives, ...gateTags({ ...gate, deployment: nameOfArn(arn) })]);
}

/** Creates another person's service in another cluster. */
async function elsewhere({ bystander }: DeployedSandbox): Promise<void> {
  const ecs = await bystander.ecs();
  await ecs.send(new CreateClusterCommand({ clusterName: 'jobs' }));
  await ecs.send(
    new CreateServiceCommand({
      cluster: 'jobs',
      serviceName: 'worker',
      taskDefinition: 'web',
      desiredCount: 1,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } },
    }),
  );
}

export const STORIES: readonly Story[] = [
  { use: 'deploy', name: 'a good release', args: [...RELEASE, '--image', GOOD], ends: 0 },
  { use: 'deploy', name: 'a release with errors', args: [...RELEASE, '--image', BAD], ends: 3 },
  { use: 'deploy', name: 'a release that does not start', args: [...RELEASE, '--image', CRASHING], ends: 3 },
  {
    use: 'deploy',
    name: 'a cancelled release',
    args: [...RELEASE, '--image', GOOD],
    cancelAt: '50% of production traffic',
    ends: 3,
  },
  {
    use: 'plan',
    name: 'a plan',
    args: ['plan', ...SERVICE, ...REPORT, '--image', GOOD, '--alarms', 'calm'],
    ends: 0,
  },
  {
    use: 'rollback',
    name: 'a rollback while the old revision is kept',
    before: onTheWay,
    args: ['rollback', ...SERVICE, ...REPORT],
    ends: 0,
  },
  {
    use: 'rollback',
    name: 'a rollback at 100%',
    before: async (sandbox) => sandbox.ramp(await sandbox.release(GOOD, COMMIT), 100),
    args: ['rollback', ...SERVICE, ...REPORT],
    ends: 0,
  },
  {
    use: 'rollback',
    name: 'a rollback to a deregistered release',
    async before(sandbox) {
      const ecs = await sandbox.bystander.ecs();
      const { taskDefinition } = await ecs.send(new RegisterTaskDefinitionCommand(definition(BEFORE)));
      const before = taskDefinition!.taskDefinitionArn!;
      await sandbox.deploy(before);
      await released(sandbox);
      await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: before }));
    },
    args: ['rollback', ...SERVICE, ...REPORT, '--warm-up', '0s', '--keep-old', '0m', '--alarms', 'calm'],
    ends: 0,
  },
  {
    use: 'reconcile',
    name: 'the tags of a killed run after ECS rolled back',
    async before(sandbox) {
      await onTheWay(sandbox);
      await sandbox.clock.advance(45 * MINUTE);
    },
    args: ['reconcile', ...SERVICE],
    ends: 0,
  },
  {
    use: 'reconcile',
    name: 'an unfinished rollout of a killed run, for a whole cluster',
    whole: true,
    before: deadHalfWay,
    args: ['reconcile', '--cluster', 'shop'],
    ends: 0,
    says: '"state": "undone"',
  },
  {
    use: 'reconcile',
    name: 'an unfinished rollout of a killed run',
    before: deadHalfWay,
    args: ['reconcile', ...SERVICE],
    ends: 0,
    says: '"state": "undone"',
  },
  {
    use: 'reconcile',
    name: 'a rollout of a killed run that never became healthy',
    async before(sandbox) {
      const release = await sandbox.release(SICK, COMMIT);
      await writeOnService(sandbox, [
        ...savedConfigurationTags({ ...BLUE_GREEN, lifecycleHooks: [] })!,
        lease(sandbox),
      ]);
      await sandbox.start(release, canaryConfiguration(BLUE_GREEN, rolloutRequest()));
      await sandbox.clock.advance(15 * MINUTE);
    },
    args: ['reconcile', ...SERVICE],
    ends: 0,
    says: '"state": "undone"',
  },
  {
    use: 'repair',
    also: ['reconcile'],
    name: 'the weights of the production rule',
    async before(sandbox) {
      await released(sandbox);
      const { used, empty } = await balancedWeb(sandbox);
      await setActions(sandbox, forward({ [used]: 0, [empty]: 100 }));
    },
    args: ['reconcile', ...SERVICE, '--repair'],
    ends: 0,
    says: '"state": "repaired"',
  },
  {
    use: 'repair',
    also: ['reconcile'],
    name: 'the weights of a path rule',
    async before(sandbox) {
      await released(sandbox);
      const { empty } = await balancedWeb(sandbox);
      await createRule(sandbox, forward({ [empty]: 1 }));
    },
    args: ['reconcile', ...SERVICE, '--repair'],
    ends: 0,
    says: '"state": "repaired"',
  },
  {
    use: 'clean-up',
    also: ['reconcile'],
    name: 'old revisions of task definitions',
    whole: true,
    async before(sandbox) {
      await elsewhere(sandbox);
      for (const digit of '123456') await sandbox.release(image(digit), COMMIT);
      await released(sandbox);
    },
    args: ['reconcile', '--cluster', 'shop', '--keep-revisions', '2', '--explain'],
    ends: 0,
    says: 'were deregistered',
  },
  {
    use: 'delete-images',
    also: ['reconcile', 'clean-up'],
    name: 'old images',
    repository: 'shop/web',
    async before(sandbox) {
      await elsewhere(sandbox);
      for (const [index, tag] of ['v1', 'v2', 'v3', 'v4', 'v5', 'v6'].entries())
        await sandbox.release(sandbox.ecr.push('shop/web', tag, (20 - index) * 24 * HOUR), COMMIT);
      await released(sandbox);
    },
    args: ['reconcile', '--config', 'ecs-ramp.yml', '--explain'],
    ends: 0,
    says: 'images v1, v2, v3 were deleted',
  },
  {
    use: 'continue',
    name: 'an approval',
    before: waiting,
    args: ['continue', ...SERVICE],
    ends: 0,
  },
  {
    use: 'abort',
    name: 'an abort',
    before: waiting,
    args: ['abort', ...SERVICE, '--reason', 'wrong'],
    ends: 0,
  },
  { use: 'status', name: 'the status of a service', before: onTheWay, args: ['status', ...SERVICE], ends: 0 },
  { use: 'status', name: 'the status at rest', before: released, args: ['status', ...SERVICE], ends: 0 },
  {
    use: 'status',
    name: 'the status of a cluster',
    whole: true,
    before: onTheWay,
    args: ['status', '--cluster', 'shop'],
    ends: 0,
  },
  {
    use: 'history',
    name: 'the history of a service',
    before: released,
    args: ['history', ...SERVICE],
    ends: 0,
  },
  {
    use: 'judge',
    name: 'the judge on the history of a service',
    args: ['judge', ...SERVICE, '--from', '9m', '--length', '5m', '--step-timeout', '4m', '--share', '10'],
    ends: 0,
  },
  {
    use: 'status',
    name: 'the status of a deleted service',
    async before(sandbox) {
      const ecs = await sandbox.bystander.ecs();
      await ecs.send(new DeleteServiceCommand({ cluster: 'shop', service: 'web', force: true }));
      await sandbox.clock.advance(10 * MINUTE);
    },
    args: ['status', ...SERVICE],
    ends: 1,
  },
  {
    use: 'status',
    name: 'the status of a service in a deleted cluster',
    async before(sandbox) {
      const ecs = await sandbox.bystander.ecs();
      await ecs.send(new DeleteServiceCommand({ cluster: 'shop', service: 'web', force: true }));
      await sandbox.clock.advance(10 * MINUTE);
      await ecs.send(new DeleteClusterCommand({ cluster: 'shop' }));
    },
    args: ['status', ...SERVICE],
    ends: 1,
  },
];

export interface StoryResult extends Called {
  /** Whether it ended as `ends` and `says` expect. */
  readonly ended: boolean;
  /** Actions that were called and allowed. `refused`: actions that were denied. */
  readonly asked: ReadonlySet<string>;
  readonly refused: ReadonlySet<string>;
}

/** Runs the command with a role that has this policy. */
export async function runStory(story: Story, policy: PolicyDocument): Promise<StoryResult> {
  const sandbox = await openDeployedSandbox({
    versions: {
      [BEFORE]: {},
      [GOOD]: {},
      [BAD]: { errorRate: 0.5 },
      [CRASHING]: { exitsAfter: 1_000 },
      [SICK]: { healthy: false },
    },
    testPort: 9080,
    rate: 5,
  });
  try {
    const cloudWatch = await sandbox.bystander.cloudWatch();
    await cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName: 'calm',
        Namespace: 'Shop',
        MetricName: 'Orders',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );
    await story.before?.(sandbox);
    const asked = new Set<string>();
    const refused = new Set<string>();
    const cancel = new AbortController();
    const { clock, until } = sandbox;
    const called = await until(
      call(story.args, {
        cwd,
        env: { AWS_REGION: 'eu-west-1', GIT_COMMIT: COMMIT, ECS_RAMP_CLAIM_WAIT: '1' },
        clock,
        clients: sandbox.allowed(policy, ({ action }, isAllowed) =>
          (isAllowed ? asked : refused).add(action),
        ),
        cancelled: cancel.signal,
        hear(line) {
          if (story.cancelAt !== undefined && line.includes(story.cancelAt)) cancel.abort('SIGTERM');
        },
      }),
    );
    const ended = called.code === story.ends && (called.stdout + called.stderr).includes(story.says ?? '');
    return { ...called, ended, asked, refused };
  } finally {
    await sandbox.close();
  }
}
