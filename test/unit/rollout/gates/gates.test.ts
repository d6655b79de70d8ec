import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { ListTagsForResourceCommand, TagResourceCommand } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { commandGate, webhookGate } from '../../../support/gates.ts';
import type { Behaviour } from '../../../../sandbox/simulated/behaviour.ts';
import { connectRollout } from '../../../../src/rollout/connect.ts';
import { createApprovals } from '../../../../src/rollout/gates/approvals.ts';
import { createGateWatch } from '../../../../src/rollout/gates/gates.ts';
import type { GateAnswer } from '../../../../src/rollout/gates/answer.ts';
import type { Gate } from '../../../../src/core/request.ts';
import { preflight } from '../../../../src/rollout/preflight/preflight.ts';
import { rollOut } from '../../../../src/rollout/rollout.ts';
import type { RolloutResult } from '../../../../src/rollout/result.ts';
import { HOUR, MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { gateTags } from '../../../../src/rollout/traffic/gate-tag.ts';
import { shareOnRule } from '../../../../src/rollout/strategies/canary/listener-rule.ts';
import type { Event, NewEvent } from '../../../../src/core/trail/event.ts';
import { leaseOf } from '../../../support/lease.ts';
import { selectFrom, type EventsOfKind } from '../../../support/recorded-events.ts';
import { rolloutRequest } from '../../../support/rollout-request.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../support/simulated-aws.ts';
import { createVirtualClock, immediate } from '../../../support/virtual-clock.ts';
import { call, type Called } from '../../cli/calls.ts';

// An hour of a simulated rollout takes some seconds.
jest.setTimeout(120_000);

let aws: SimulatedAws | null = null;
afterEach(async () => {
  await aws?.close();
  aws = null;
});

const APPROVAL: Gate = { kind: 'approval', percent: 50, within: 50 * MINUTE };
const SERVICE = 'arn:aws:ecs:eu-west-1:123456789012:service/shop/web';
const OF_SERVICE = ['--service', 'web', '--cluster', 'shop'];

interface Story {
  readonly result: RolloutResult;
  readonly eventsOfKind: EventsOfKind<Event>;
  /** The keys of the service's tags at the end, without the tag of the lease. */
  readonly tags: readonly string[];
  /** The percentage that the listener rule sends to the new revision at the end. */
  readonly canaryShare: number | null;
}

interface Options {
  /** Default: an approval at 50%. */
  readonly gates?: readonly Gate[];
  /** How the tasks of version 2 behave. Default: healthy, without errors. */
  readonly behaviour?: Partial<Behaviour>;
  /** The answers of webhooks and commands. The last one is repeated. Default: wait. */
  readonly answersInOrder?: readonly GateAnswer[];
  /** Called once a minute after the first gate started to wait; `minute` starts at 0. */
  readonly everyMinute?: (minute: number, waiting: Waiting) => void;
  readonly cancelled?: AbortSignal;
  /** Faults of AWS from the start of the rollout. */
  readonly faults?: readonly object[];
}

/** A rollout while it waits at a gate. */
interface Waiting {
  /** Runs a command of ecs-ramp for service web, as octocat. */
  readonly runCommand: (...args: string[]) => Promise<Called>;
  /** The ARN of the service deployment. */
  readonly deployment: string;
}

/** Rolls out version 2 with the steps 50% and 100% on a virtual clock, like the action. */
async function rollOutGated({
  gates = [APPROVAL],
  behaviour = {},
  answersInOrder = [],
  everyMinute = () => {},
  cancelled = new AbortController().signal,
  faults = [],
}: Options): Promise<Story> {
  aws = await createSimulatedAws({ versions: { v2: behaviour }, usersEvery: 10 * SECOND });
  const { clock } = aws;
  // The SDK takes most of the time and is needed only for failures.
  const clients = faults.length > 0 ? aws.clients : aws.bystander;
  const taskDefinitionArn = await aws.register('v2');
  const rollout = rolloutRequest({ steps: [50, 100], keepOld: 0, bakeTime: MINUTE, gates });
  const service = await aws.until(
    preflight({ service: 'web', cluster: 'shop', rollout }, clients, { clock, tell() {} }),
  );
  const events: Event[] = [];
  const eventsOfKind = selectFrom(events);
  const ecs = await clients.ecs();
  const lease = await leaseOf(clients, clock);
  const tell = (event: NewEvent) => events.push({ ...event, at: clock.now() });
  const ports = await connectRollout(
    { rollout, service, release: { taskDefinitionArn }, serviceDeploymentArn: null },
    { clients, lease, clock, cancelled, tell },
  );
  const answers = [...answersInOrder];
  const nextAnswer = async () =>
    (answers.length > 1 ? answers.shift() : answers[0]) ?? { said: 'wait' as const };
  const env = { GITHUB_ACTIONS: 'true', GITHUB_ACTOR: 'octocat' };
  const runCommand = (...args: string[]) => call([...args, ...OF_SERVICE], { clients, clock, env });
  let minutes = 0;
  const minute = () => {
    const [started] = eventsOfKind('rollout-started');
    if (started && eventsOfKind('gate-waiting').length > 0) {
      everyMinute(minutes++, { runCommand, deployment: started.serviceDeploymentArn });
    }
    clock.after(MINUTE, minute);
  };
  minute();
  aws.wire.faults.add(faults);
  const result = await aws.until(
    rollOut(rollout, {
      ...ports,
      watchGates: ({ id }) =>
        createGateWatch({
          plan: rollout,
          clock,
          tell,
          approvals: createApprovals({ ecs, clock, lease, service, deployment: id }),
          ask: nextAnswer,
          run: nextAnswer,
        }),
    }),
  );
  aws.wire.faults.clear();
  const { tags = [] } = await ecs.send(new ListTagsForResourceCommand({ resourceArn: SERVICE }));
  const elb = await clients.elasticLoadBalancing();
  return {
    result,
    eventsOfKind,
    tags: tags.map(({ key }) => key!).filter((key) => key !== 'ecs-ramp:lease'),
    canaryShare: await shareOnRule(elb, aws.rule, aws.targetGroups[1]),
  };
}

async function approveByTag(deployment: string, percent: number): Promise<void> {
  const tags = gateTags({ says: 'approved', percent, deployment, at: 0, by: 'octocat', reason: null });
  const ecs = await aws!.bystander.ecs();
  await ecs.send(new TagResourceCommand({ resourceArn: SERVICE, tags }));
}

const atMinute =
  (wanted: number, act: (waiting: Waiting) => unknown): NonNullable<Options['everyMinute']> =>
  (minute, waiting) => {
    if (minute === wanted) void act(waiting);
  };

describe('an approval', () => {
  test('is waited for however good the evidence is, and opens its own step', async () => {
    const calls: Promise<Called>[] = [];
    const story = await rollOutGated({
      everyMinute(minute, { runCommand }) {
        if (minute === 38) calls.push(runCommand('continue', '--step', '10'));
        if (minute === 39) calls.push(runCommand('continue', '--step', '50'));
      },
    });
    expect(story.result.outcome).toBe('deployed');
    expect(story.eventsOfKind('gate-waiting')).toMatchObject([
      { percent: 50, gate: 'an approval', command: 'ecs-ramp continue --service web --cluster shop' },
    ]);
    // If the run dies, ECS waits for the same time.
    expect(story.eventsOfKind('rollout-started')[0]!.hookTimeout).toBe(51 * MINUTE);
    const [passed] = story.eventsOfKind('gate-passed');
    expect(passed).toMatchObject({ percent: 50, because: 'approved by octocat' });
    expect(passed!.took).toBeGreaterThan(38 * MINUTE);
    expect(story.tags).toEqual([]);
    const [wrong, right] = await Promise.all(calls);
    expect(wrong).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('waits for an approval at 50%, not at 10%'),
    });
    expect(right).toEqual({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('approved 50% of service web as octocat'),
    });
  });

  test('that nobody gives causes a rollback at the deadline', async () => {
    const { result, canaryShare, eventsOfKind, tags } = await rollOutGated({});
    expect(result).toMatchObject({
      outcome: 'rolled-back',
      reason: 'The gate at 50% did not open within 50m: an approval.',
    });
    expect(eventsOfKind('rollback-requested')).toMatchObject([{ cause: 'gate', percent: 50 }]);
    expect([canaryShare, tags]).toEqual([0, []]);
  });

  test('for another deployment, or another step, opens nothing', async () => {
    const { result, eventsOfKind } = await rollOutGated({
      gates: [{ ...APPROVAL, within: 45 * MINUTE }],
      everyMinute(minute, { deployment }) {
        const id = deployment.slice(deployment.lastIndexOf('/') + 1);
        void (minute % 2 === 0 ? approveByTag('SomeOther', 50) : approveByTag(id, 0));
      },
    });
    expect(eventsOfKind('gate-passed')).toEqual([]);
    expect(result.outcome).toBe('rolled-back');
  });

  test('hides nothing: a revision that turns bad during the wait is rolled back at once', async () => {
    const { result, eventsOfKind } = await rollOutGated({ behaviour: { errorRate: 0.08 } });
    expect(result.outcome).toBe('rolled-back');
    expect(eventsOfKind('gate-waiting')).toHaveLength(1);
    expect(eventsOfKind('rollback-requested')).toMatchObject([{ cause: 'judge' }]);
  });

  test('is no longer waited for when the job is cancelled', async () => {
    const cancel = new AbortController();
    const { result, tags } = await rollOutGated({
      cancelled: cancel.signal,
      everyMinute: atMinute(10, () => cancel.abort('SIGINT')),
    });
    expect(result).toMatchObject({ outcome: 'rolled-back', reason: 'The job was cancelled (SIGINT).' });
    expect(tags).toEqual([]);
  });

  test('cannot be given when nothing waits', async () => {
    aws = await createSimulatedAws({ versions: {} });
    const { clients, clock } = aws;
    for (const args of [['continue'], ['abort', '--reason', 'slow']]) {
      const [verb] = args;
      expect(await call([...args, ...OF_SERVICE], { clients, clock })).toMatchObject({
        code: 1,
        stderr: `There is nothing to ${verb}: no deployment of service web is in progress.`,
      });
    }
  });
});

test('a missing permission to write the gate tag causes a rollback that names the permission', async () => {
  const denied = { service: 'ecs', operation: 'TagResource', error: 'AccessDeniedException', times: 1_000 };
  const { result } = await rollOutGated({ faults: [denied] });
  expect(result.outcome).toBe('rolled-back');
  expect(result.reason).toMatch(
    /^The gate at 50%: AWS denied ecs:TagResource on service web: allow ecs:TagResource/,
  );
});

describe('ecs-ramp abort', () => {
  test('rolls back at once, and the waiting run reports who did it and why', async () => {
    const calls: Promise<Called>[] = [];
    const reason = "Checkout's totals are wrong, see #123 (überall)";
    const { result, eventsOfKind, tags, canaryShare } = await rollOutGated({
      everyMinute: atMinute(10, ({ runCommand }) => calls.push(runCommand('abort', '--reason', reason))),
    });
    expect(await calls[0]).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/at 50% \(\S+ \S+\) as octocat: ECS rolls back/),
    });
    expect(result).toMatchObject({ outcome: 'rolled-back', reason: `Aborted by octocat: ${reason}.` });
    expect(eventsOfKind('rollback-requested')).toMatchObject([
      { cause: 'request', reason: `aborted by octocat: ${reason}` },
    ]);
    expect([canaryShare, tags]).toEqual([0, []]);
  });
});

describe('a webhook or a command', () => {
  const WEBHOOK = webhookGate('https://tests.example.com/run');

  test('is asked again until it passes; no user reaches the new revision before', async () => {
    const { result, eventsOfKind } = await rollOutGated({
      gates: [WEBHOOK],
      answersInOrder: [{ said: 'wait' }, { said: 'wait' }, { said: 'pass', because: 'it answered 200' }],
    });
    expect(result.outcome).toBe('deployed');
    const [passed] = eventsOfKind('gate-passed');
    expect(passed).toMatchObject({ percent: 0, gate: 'the webhook at https://tests.example.com' });
    expect(passed!.took).toBeGreaterThanOrEqual(30_000);
    expect(eventsOfKind('step-started')[0]!.at).toBeGreaterThan(passed!.at);
  });

  test('that fails causes a rollback at once', async () => {
    const { result, eventsOfKind } = await rollOutGated({
      gates: [WEBHOOK],
      answersInOrder: [{ said: 'fail', problem: 'the webhook answered 409: 3 of 20 tests failed' }],
    });
    expect(result).toMatchObject({
      outcome: 'rolled-back',
      reason: 'The gate at 0%: the webhook answered 409: 3 of 20 tests failed.',
    });
    expect(eventsOfKind('step-started')).toEqual([]);
  });

  test('that never answers causes a rollback at its deadline', async () => {
    const { result } = await rollOutGated({ gates: [{ ...WEBHOOK, within: 5 * MINUTE }] });
    expect(result.reason).toContain('did not open within 5m');
  });
});

const REAL = new Set(['ProcessWrap', 'TCPSocketWrap', 'TCPConnectWrap']);
const running = (): number =>
  process.getActiveResourcesInfo().filter((resource) => REAL.has(resource)).length;

/**
 * Waits while a program runs or a request is in progress. Virtual time stands still meanwhile. Other
 * test files of this process may have left connections open.
 */
function untilNothingRuns(): () => Promise<void> {
  const before = running();
  return async () => {
    do await immediate();
    while (running() > before);
  };
}

describe('with real processes and requests', () => {
  let server: Server | null = null;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = null;
  });

  test('a command runs, a webhook is asked until it passes, and both know what they test', async () => {
    const bodies: string[] = [];
    const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      bodies.push(await text(request));
      response.writeHead(bodies.length < 3 ? 202 : 200, { connection: 'close' }).end();
    };
    server = createServer((request, response) => void listener(request, response));
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : null;
    const program = `console.log(process.env.ECS_RAMP_TASK_DEFINITION, process.env.AWS_ACCESS_KEY_ID)`;
    const gates: readonly Gate[] = [
      webhookGate(`http://127.0.0.1:${port}/run?token=s3cr3t`, { within: HOUR }),
      commandGate('node', { within: HOUR, args: ['-e', program] }),
    ];

    aws = await createSimulatedAws({
      versions: { v2: {} },
      clock: createVirtualClock(undefined, untilNothingRuns()),
    });
    const { clock, bystander: clients } = aws;
    const taskDefinitionArn = await aws.register('v2');
    const rollout = rolloutRequest({ steps: [100], keepOld: 0, gates });
    const request = { service: 'web', cluster: 'shop', rollout };
    const service = await aws.until(preflight(request, clients, { clock, tell() {} }));
    const events: NewEvent[] = [];
    const logLines: string[] = [];
    const ports = await connectRollout(
      { rollout, service, release: { taskDefinitionArn, image: 'v2' }, serviceDeploymentArn: null },
      {
        clients,
        lease: await leaseOf(clients, clock),
        clock,
        cancelled: new AbortController().signal,
        tell: (event) => events.push(event),
        log: { say: (line) => logLines.push(line) },
        env: { PATH: process.env['PATH'], AWS_ACCESS_KEY_ID: 'AKIA' },
      },
    );
    const result = await aws.until(rollOut(rollout, ports));

    expect(result.outcome).toBe('deployed');
    expect(logLines).toEqual([`node: ${taskDefinitionArn} undefined`]);
    expect(bodies).toHaveLength(3);
    expect(new Set(bodies).size).toBe(1);
    expect(JSON.parse(bodies[0]!)).toMatchObject({ service: 'web', image: 'v2', taskDefinitionArn });
    expect(JSON.stringify(events)).not.toContain('s3cr3t');
    expect(events.filter(({ kind }) => kind === 'gate-passed')).toHaveLength(2);
  });
});
