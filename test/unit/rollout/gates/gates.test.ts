import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { ListTagsForResourceCommand, TagResourceCommand, type Tag } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Behaviour } from '../../../../sandbox/simulated/behaviour.ts';
import { connectRollout } from '../../../../src/rollout/connect.ts';
import { createApprovals } from '../../../../src/rollout/gates/approvals.ts';
import { createGateWatch } from '../../../../src/rollout/gates/gates.ts';
import type { GateAnswer } from '../../../../src/rollout/gates/answer.ts';
import type { Gate } from '../../../../src/core/request.ts';
import { preflight } from '../../../../src/rollout/preflight/preflight.ts';
import { rollOut } from '../../../../src/rollout/rollout.ts';
import type { RolloutResult } from '../../../../src/rollout/ports.ts';
import { HOUR, MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { gateTags } from '../../../../src/rollout/traffic/gate-tag.ts';
import { shareOnRule } from '../../../../src/rollout/strategies/canary/listener-rule.ts';
import type { Event, NewEvent } from '../../../../src/core/trail/event.ts';
import { leaseOf } from '../../../support/lease.ts';
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

interface Story {
  readonly result: RolloutResult;
  readonly of: <K extends NewEvent['kind']>(kind: K) => readonly Extract<Event, { kind: K }>[];
  /** What is left on the service. */
  readonly tags: readonly string[];
  readonly canaryShare: number | null;
}

interface Options {
  readonly gates?: readonly Gate[];
  readonly behaviour?: Partial<Behaviour>;
  /** The answers of webhooks and commands, in order; the last one is repeated. */
  readonly answers?: readonly GateAnswer[];
  /** Called once a minute from the first gate. */
  readonly everyMinute?: (minute: number, about: About) => void;
  readonly cancelled?: AbortSignal;
  /** Faults of AWS from the start of the rollout. */
  readonly faults?: readonly object[];
}

interface About {
  /** A command that a person runs elsewhere. */
  readonly ask: (...args: string[]) => Promise<Called>;
  readonly deployment: string;
}

/** Rolls out version 2 through 50%, like the action. */
async function rollOutGated({
  gates = [APPROVAL],
  behaviour = {},
  answers = [],
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
  const ecs = await clients.ecs();
  const lease = await leaseOf(clients, clock);
  const tell = (event: NewEvent) => events.push({ ...event, at: clock.now() });
  const ports = await connectRollout(
    { rollout, service, release: { taskDefinitionArn }, serviceDeploymentArn: null },
    { clients, lease, clock, cancelled, tell },
  );
  const left = [...answers];
  const next = () =>
    Promise.resolve(left.length > 1 ? left.shift()! : (left[0] ?? { said: 'wait' as const }));
  const ask = (...args: string[]) =>
    call(args, { clients, clock, env: { GITHUB_ACTIONS: 'true', GITHUB_ACTOR: 'octocat' } });
  let minutes = 0;
  const minute = () => {
    const begun = events.find((event) => event.kind === 'rollout-started');
    if (begun && events.some(({ kind }) => kind === 'gate-waiting')) {
      everyMinute(minutes++, { ask, deployment: begun.serviceDeploymentArn });
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
          ask: next,
          run: next,
        }),
    }),
  );
  aws.wire.faults.clear();
  const { tags = [] } = await ecs.send(new ListTagsForResourceCommand({ resourceArn: SERVICE }));
  const elb = await clients.elasticLoadBalancing();
  return {
    result,
    of: <K extends NewEvent['kind']>(kind: K) =>
      events.filter((event): event is Extract<Event, { kind: K }> => event.kind === kind),
    tags: tags.map(({ key }) => key!).filter((key) => key !== 'ecs-ramp:lease'),
    canaryShare: await shareOnRule(elb, aws.rule, aws.targetGroups[1]),
  };
}

const approved = (deployment: string, percent: number) =>
  gateTags({ says: 'approved', percent, deployment, at: 0, by: 'octocat', reason: null });

async function write(tags: Tag[]): Promise<void> {
  const ecs = await aws!.bystander.ecs();
  await ecs.send(new TagResourceCommand({ resourceArn: SERVICE, tags }));
}

const at =
  (wanted: number, act: (about: About) => unknown): NonNullable<Options['everyMinute']> =>
  (minute, about) => {
    if (minute === wanted) void act(about);
  };

describe('an approval', () => {
  test('is waited for however good the evidence is, and opens its own step', async () => {
    const calls: Promise<Called>[] = [];
    const story = await rollOutGated({
      everyMinute(minute, { ask }) {
        if (minute === 38)
          calls.push(ask('continue', '--service', 'web', '--cluster', 'shop', '--step', '10'));
        if (minute === 39)
          calls.push(ask('continue', '--service', 'web', '--cluster', 'shop', '--step', '50'));
      },
    });
    expect(story.result.outcome).toBe('deployed');
    expect(story.of('gate-waiting')).toMatchObject([
      { percent: 50, gate: 'an approval', command: 'ecs-ramp continue --service web --cluster shop' },
    ]);
    // If the run dies, ECS waits for the same time.
    expect(story.of('rollout-started')[0]!.hookTimeout).toBe(51 * MINUTE);
    const [passed] = story.of('gate-passed');
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
    const { result, canaryShare, of, tags } = await rollOutGated({});
    expect(result).toMatchObject({
      outcome: 'rolled-back',
      reason: 'The gate at 50% did not open within 50m: an approval.',
    });
    expect(of('rollback-requested')).toMatchObject([{ cause: 'gate', percent: 50 }]);
    expect([canaryShare, tags]).toEqual([0, []]);
  });

  test('for another deployment, or another step, opens nothing', async () => {
    const { result, of } = await rollOutGated({
      gates: [{ ...APPROVAL, within: 45 * MINUTE }],
      everyMinute: (minute, { deployment }) => {
        const tags =
          minute % 2 === 0
            ? approved('SomeOther', 50)
            : approved(deployment.slice(deployment.lastIndexOf('/') + 1), 0);
        void write(tags);
      },
    });
    expect(of('gate-passed')).toEqual([]);
    expect(result.outcome).toBe('rolled-back');
  });

  test('hides nothing: a revision that turns bad during the wait is rolled back at once', async () => {
    const { result, of } = await rollOutGated({ behaviour: { errorRate: 0.08 } });
    expect(result.outcome).toBe('rolled-back');
    expect(of('gate-waiting')).toHaveLength(1);
    expect(of('rollback-requested')).toMatchObject([{ cause: 'judge' }]);
  });

  test('is no longer waited for when the job is cancelled', async () => {
    const cancel = new AbortController();
    const { result, tags } = await rollOutGated({
      cancelled: cancel.signal,
      everyMinute: at(10, () => cancel.abort('SIGINT')),
    });
    expect(result).toMatchObject({ outcome: 'rolled-back', reason: 'The job was cancelled (SIGINT).' });
    expect(tags).toEqual([]);
  });

  test('cannot be given when nothing waits', async () => {
    aws = await createSimulatedAws({ versions: {} });
    const { clients, clock } = aws;
    for (const args of [['continue'], ['abort', '--reason', 'slow']]) {
      const [verb] = args;
      expect(
        await call([...args, '--service', 'web', '--cluster', 'shop'], { clients, clock }),
      ).toMatchObject({
        code: 1,
        stderr: `There is nothing to ${verb}: no deployment of service web is in progress.`,
      });
    }
  });
});

test('a missing permission to write the gate tag causes a rollback that names the permission', async () => {
  const denied = { service: 'ecs', operation: 'TagResource', error: 'AccessDeniedException', times: 1_000 };
  const { result } = await rollOutGated({
    faults: [denied],
  });
  expect(result.outcome).toBe('rolled-back');
  expect(result.reason).toMatch(
    /^The gate at 50%: AWS denied ecs:TagResource on service web: allow ecs:TagResource/,
  );
});

describe('ecs-ramp abort', () => {
  test('rolls back at once, and the waiting run reports who did it and why', async () => {
    const calls: Promise<Called>[] = [];
    const reason = "Checkout's totals are wrong, see #123 (überall)";
    const { result, of, tags, canaryShare } = await rollOutGated({
      everyMinute: at(10, ({ ask }) =>
        calls.push(ask('abort', '--service', 'web', '--cluster', 'shop', '--reason', reason)),
      ),
    });
    expect(await calls[0]).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/at 50% \(\S+ \S+\) as octocat: ECS rolls back/),
    });
    expect(result).toMatchObject({ outcome: 'rolled-back', reason: `Aborted by octocat: ${reason}.` });
    expect(of('rollback-requested')).toMatchObject([
      { cause: 'request', reason: `aborted by octocat: ${reason}` },
    ]);
    expect([canaryShare, tags]).toEqual([0, []]);
  });
});

describe('a webhook or a command', () => {
  const WEBHOOK: Gate = {
    kind: 'webhook',
    percent: 0,
    within: 20 * MINUTE,
    url: 'https://tests.example.com/run',
  };

  test('is asked again until it passes; no user reaches the new revision before', async () => {
    const { result, of } = await rollOutGated({
      gates: [WEBHOOK],
      answers: [{ said: 'wait' }, { said: 'wait' }, { said: 'pass', because: 'it answered 200' }],
    });
    expect(result.outcome).toBe('deployed');
    const [passed] = of('gate-passed');
    expect(passed).toMatchObject({ percent: 0, gate: 'the webhook at https://tests.example.com' });
    expect(passed!.took).toBeGreaterThanOrEqual(30_000);
    expect(of('step-started')[0]!.at).toBeGreaterThan(passed!.at);
  });

  test('that fails causes a rollback at once', async () => {
    const { result, of } = await rollOutGated({
      gates: [WEBHOOK],
      answers: [{ said: 'fail', problem: 'the webhook answered 409: 3 of 20 tests failed' }],
    });
    expect(result).toMatchObject({
      outcome: 'rolled-back',
      reason: 'The gate at 0%: the webhook answered 409: 3 of 20 tests failed.',
    });
    expect(of('step-started')).toEqual([]);
  });

  test('that never answers causes a rollback at its deadline', async () => {
    const { result } = await rollOutGated({ gates: [{ ...WEBHOOK, within: 5 * MINUTE }] });
    expect(result.reason).toContain('did not open within 5m');
  });
});

/** Virtual time stops while a program runs or a request is in progress. */
const standingStill = async (): Promise<void> => {
  const real = new Set(['ProcessWrap', 'TCPSocketWrap', 'TCPConnectWrap']);
  do await immediate();
  while (process.getActiveResourcesInfo().some((resource) => real.has(resource)));
};

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
      { kind: 'webhook', percent: 0, within: HOUR, url: `http://127.0.0.1:${port}/run?token=s3cr3t` },
      { kind: 'command', percent: 0, within: HOUR, program: 'node', args: ['-e', program], directory: '/' },
    ];

    aws = await createSimulatedAws({
      versions: { v2: {} },
      clock: createVirtualClock(undefined, standingStill),
    });
    const { clock, bystander: clients } = aws;
    const taskDefinitionArn = await aws.register('v2');
    const rollout = rolloutRequest({ steps: [100], keepOld: 0, gates });
    const request = { service: 'web', cluster: 'shop', rollout };
    const service = await aws.until(preflight(request, clients, { clock, tell() {} }));
    const told: NewEvent[] = [];
    const said: string[] = [];
    const ports = await connectRollout(
      { rollout, service, release: { taskDefinitionArn, image: 'v2' }, serviceDeploymentArn: null },
      {
        clients,
        lease: await leaseOf(clients, clock),
        clock,
        cancelled: new AbortController().signal,
        tell: (event) => told.push(event),
        log: { say: (line) => said.push(line) },
        env: { PATH: process.env['PATH'], AWS_ACCESS_KEY_ID: 'AKIA' },
      },
    );
    const result = await aws.until(rollOut(rollout, ports));

    expect(result.outcome).toBe('deployed');
    expect(said).toEqual([`node: ${taskDefinitionArn} undefined`]);
    expect(bodies).toHaveLength(3);
    expect(new Set(bodies).size).toBe(1);
    expect(JSON.parse(bodies[0]!)).toMatchObject({ service: 'web', image: 'v2', taskDefinitionArn });
    expect(JSON.stringify(told)).not.toContain('s3cr3t');
    expect(told.filter(({ kind }) => kind === 'gate-passed')).toHaveLength(2);
  });
});
