import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DescribeServicesCommand, TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-ecs';
import type { Clients } from '../../../../src/aws/clients.ts';
import { createLease, type Lease } from '../../../../src/aws/lease/lease.ts';
import { identify } from '../../../../src/core/run.ts';
import { MINUTE, SECOND, sleep } from '../../../../src/core/time/clock.ts';
import { mayUndo } from '../../../../src/rollout/traffic/stop-deployment.ts';
import { restoreService } from '../../../../src/rollout/traffic/restore-service.ts';
import type { NewEvent } from '../../../../src/core/trail/event.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../support/simulated-aws.ts';

const NEVER = new AbortController().signal;

let aws: SimulatedAws;
let told: NewEvent[];
beforeEach(async () => {
  aws = await createSimulatedAws({ versions: {} });
  told = [];
});
afterEach(() => aws.close());

interface Options {
  readonly attempt?: number;
  readonly onConflict?: 'wait' | 'fail';
  readonly clients?: Clients;
}

async function lease(
  number: number,
  { attempt = 1, onConflict = 'wait', clients = aws.bystander }: Options = {},
): Promise<Lease> {
  const { clock } = aws;
  const run = identify(
    {
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_RUN_ID: String(number),
      GITHUB_RUN_ATTEMPT: String(attempt),
    },
    `run-${number}-${attempt}`,
  );
  return createLease({
    ecs: await clients.ecs(),
    clock,
    run,
    service: { cluster: 'shop', name: 'web' },
    onConflict,
    patience: 30 * MINUTE,
    tell: (event) => told.push(event),
  });
}

async function take(taker: Lease): Promise<boolean> {
  await taker.claim(NEVER);
  return taker.held();
}

const service = async () => {
  const ecs = await aws.bystander.ecs();
  const { services } = await ecs.send(
    new DescribeServicesCommand({ cluster: 'shop', services: ['web'], include: ['TAGS'] }),
  );
  return services![0]!;
};
const tag = async () => (await service()).tags?.find(({ key }) => key === 'ecs-ramp:lease')?.value;

/** An ECS whose tags take effect later. */
const slowToTag = (delay: number): Clients =>
  withDelays((command) => (command instanceof TagResourceCommand ? delay : 0));

/** An ECS whose calls take effect later, also after the caller has given up. */
function withDelays(delayOf: (command: unknown) => number): Clients {
  const { bystander, clock } = aws;
  return {
    ...bystander,
    async ecs() {
      const ecs = await bystander.ecs();
      return new Proxy(ecs, {
        get: (_, name) =>
          name === 'send'
            ? async (command: TagResourceCommand) => {
                await sleep(clock, delayOf(command));
                return ecs.send(command);
              }
            : Reflect.get(ecs, name),
      });
    },
  };
}

async function settleWith(ours: Lease): Promise<void> {
  const { serviceArn, clusterArn, deploymentConfiguration } = await service();
  const of = {
    name: 'web',
    serviceArn: serviceArn!,
    cluster: clusterArn!,
    deploymentConfiguration: deploymentConfiguration!,
  };
  await restoreService(await aws.bystander.ecs(), of, ours);
}

describe('a lease', () => {
  test('is held after a short wait, renewed while it is, and gone when it is released', async () => {
    const ours = await lease(1);
    const began = aws.clock.now();
    expect(await aws.until(take(ours))).toBe(true);
    expect(aws.clock.now() - began).toBeLessThanOrEqual(25 * SECOND);
    const first = await tag();
    await aws.clock.advance(10 * MINUTE);
    const renewed = await tag();
    expect(renewed).not.toBe(first);
    expect(Date.parse(renewed!.split(' ')[0]!)).toBeGreaterThan(aws.clock.now() + MINUTE);
    await aws.until(ours.release());
    expect(await tag()).toBeUndefined();
    await aws.clock.advance(10 * MINUTE);
    expect(await tag()).toBeUndefined();
  });
  test.each<[string, number, (ours: Lease) => Promise<void>]>([
    ['released', 3, (ours) => ours.release()],
    ['removed with the other tags', 3, settleWith],
    ['released', 8, (ours) => ours.release()],
    ['removed with the other tags', 8, settleWith],
  ])('that is %s is not brought back by a renewal that takes %i s', async (_, seconds, leave) => {
    let delay = 0;
    const ours = await lease(1, {
      clients: withDelays((command) => (command instanceof TagResourceCommand ? delay : 0)),
    });
    await aws.until(take(ours));
    delay = seconds * SECOND;
    // The second renewal is in progress, or was given up after 5 s.
    await aws.clock.advance(MINUTE + (seconds - 1) * SECOND);
    await aws.until(leave(ours));
    await aws.clock.advance(5 * MINUTE);
    expect(await tag()).toBeUndefined();
  });
  test.each([4, 6, 9])(
    'leaves no tag behind when it is cancelled while the claim takes %i s to take effect',
    async (seconds) => {
      const ours = await lease(1, { clients: slowToTag(seconds * SECOND) });
      const cancelled = new AbortController();
      const claiming = ours.claim(cancelled.signal).then(() => ours.held());
      const ended = expect(claiming).rejects.toThrow('Cancelled before anything was started.');
      await aws.clock.advance(SECOND);
      cancelled.abort();
      await aws.until(ended);
      await aws.until(ours.release());
      await aws.clock.advance(MINUTE);
      expect(await tag()).toBeUndefined();
    },
  );
  test.each([
    ['the read of the tags', DescribeServicesCommand],
    ['the removal of the tag', UntagResourceCommand],
  ])('is gone when it is released, although AWS does not answer %s once', async (_, Slow) => {
    let slow = false;
    const ours = await lease(1, {
      clients: withDelays((command) => {
        if (!slow || !(command instanceof Slow)) return 0;
        slow = false;
        return 10 * MINUTE;
      }),
    });
    await aws.until(take(ours));
    slow = true;
    await aws.until(ours.release());
    expect(await tag()).toBeUndefined();
  });
  test('is released in less than half a minute when AWS does not answer', async () => {
    let delay = 0;
    const ours = await lease(1, { clients: withDelays(() => delay) });
    await aws.until(take(ours));
    delay = 10 * MINUTE;
    const began = aws.clock.now();
    await aws.until(ours.release());
    expect(aws.clock.now() - began).toBeLessThanOrEqual(30 * SECOND);
  });
  test('of two who claim at the same moment one holds, and the other one knows', async () => {
    const [one, other] = [await lease(1), await lease(2)];
    const held = await aws.until(Promise.all([take(one), take(other)]));
    expect(held.filter(Boolean)).toHaveLength(1);
    await aws.until((held[0] ? one : other).confirm());
  });
  test('of another run is waited for, and its page is named', async () => {
    const [one, other] = [await lease(1), await lease(2)];
    await aws.until(take(one));
    aws.clock.after(10 * MINUTE, () => void one.release());
    const began = aws.clock.now();
    expect(await aws.until(other.claim(NEVER))).toBe(true);
    expect(aws.clock.now() - began).toBeGreaterThan(9 * MINUTE);
    expect(told).toContainEqual(
      expect.objectContaining({
        kind: 'waiting',
        what: expect.stringMatching(
          /^another run to end: https:\/\/github.com\/acme\/shop\/actions\/runs\/1\/attempts\/1; /,
        ),
      }),
    );
  });
  test('of another run is a refusal where on-conflict says so', async () => {
    await aws.until(take(await lease(1)));
    const other = await lease(2, { onConflict: 'fail' });
    await expect(aws.until(other.claim(NEVER))).rejects.toThrow(
      /^The run https:\/\/github.com\/acme\/shop\/actions\/runs\/1\/attempts\/1 is working on service web; it last renewed its lease at \S{8} UTC, and counts as dead at \S{8} UTC if it does not renew it again\. This run does not change/,
    );
  });
  test('of a run that died is taken when nobody has renewed it for its whole term', async () => {
    const ecs = await aws.bystander.ecs();
    const dead = '2099-01-01T00:00:00Z dead https://github.com/acme/shop/actions/runs/1/attempts/1';
    const { serviceArn } = await service();
    await ecs.send(
      new TagResourceCommand({ resourceArn: serviceArn, tags: [{ key: 'ecs-ramp:lease', value: dead }] }),
    );
    const began = aws.clock.now();
    expect(await aws.until(take(await lease(2)))).toBe(true);
    expect(aws.clock.now() - began).toBeLessThan(4 * MINUTE);
    const deadAt = new Date(began + 3 * MINUTE + 20 * SECOND).toISOString().slice(11, 19);
    expect(told).toContainEqual(
      expect.objectContaining({ what: expect.stringContaining(`it counts as dead at ${deadAt} UTC`) }),
    );
  });
  test('is taken over at once by a later attempt of the same run', async () => {
    await aws.until(take(await lease(1)));
    const began = aws.clock.now();
    expect(await aws.until(take(await lease(1, { attempt: 2 })))).toBe(true);
    expect(aws.clock.now() - began).toBeLessThan(3 * SECOND);
  });
  test('that another run has taken is lost for good, and the run is named', async () => {
    const [first, later] = [await lease(1), await lease(1, { attempt: 2 })];
    await aws.until(take(first));
    await aws.until(take(later));
    await expect(aws.until(first.confirm())).rejects.toThrow('attempts/2 has taken over service web');
    expect(first.takenBy).toBe('https://github.com/acme/shop/actions/runs/1/attempts/2');
    await aws.until(first.release());
    expect(await tag()).toContain('attempts/2');
  });
  test('that another tool took away with the tags it does not know is written again', async () => {
    const ours = await lease(1);
    await aws.until(take(ours));
    const { serviceArn } = await service();
    await (
      await aws.bystander.ecs()
    ).send(new UntagResourceCommand({ resourceArn: serviceArn, tagKeys: ['ecs-ramp:lease'] }));
    await aws.until(ours.confirm());
    expect(await tag()).toContain('run-1-1');
  });
  test('is needed for a rollback, but a read that fails does not prevent it', async () => {
    const ours = await lease(1, { clients: aws.clients });
    await aws.until(take(ours));
    aws.wire.faults.add([
      { service: 'ecs', operation: 'DescribeServices', error: 'ServerException', times: 1e6 },
    ]);
    await aws.until(mayUndo(ours, aws.clock));
    await aws.clock.advance(10 * MINUTE);
    await aws.until(mayUndo(ours, aws.clock));
  });
  test('that may have ended allows no rollback while AWS does not answer at all', async () => {
    const ours = await lease(1, { clients: aws.clients });
    await aws.until(take(ours));
    aws.wire.faults.add([{ service: '*', operation: '*', drop: 'before', times: 1e6 }]);
    await aws.until(mayUndo(ours, aws.clock));
    await aws.clock.advance(10 * MINUTE);
    await expect(aws.until(mayUndo(ours, aws.clock))).rejects.toThrow('another run may have taken over');
    expect(ours.takenBy).toBeNull();
    aws.wire.faults.clear();
    await aws.until(mayUndo(ours, aws.clock));
  });
  test('lasts from its last renewal on, although it was confirmed later', async () => {
    const ours = await lease(1, { clients: aws.clients });
    await aws.until(take(ours));
    await aws.clock.advance(MINUTE);
    await aws.until(ours.confirm());
    aws.wire.faults.add([{ service: '*', operation: '*', drop: 'before', times: 1e6 }]);
    await aws.clock.advance(2 * MINUTE + 25 * SECOND);
    expect(await aws.until(take(await lease(2)))).toBe(true);
    await expect(aws.until(mayUndo(ours, aws.clock))).rejects.toThrow('another run may have taken over');
  });
  test('is read again before a rollback if another run may have taken the service', async () => {
    const ours = await lease(1, { clients: aws.clients });
    await aws.until(take(ours));
    aws.wire.faults.add([
      { service: 'ecs', operation: 'DescribeServices', error: 'ServerException', times: 1e6 },
    ]);
    await aws.clock.advance(4 * MINUTE);
    expect(await aws.until(take(await lease(2)))).toBe(true);
    aws.wire.faults.clear();
    aws.wire.faults.add([
      { service: 'ecs', operation: 'DescribeServices', error: 'ServerException', times: 2 },
    ]);
    await expect(aws.until(mayUndo(ours, aws.clock))).rejects.toThrow('runs/2/attempts/1 has taken over');
  });
  test('is gone without, and said once, where the service may not be tagged', async () => {
    aws.wire.faults.add([
      { service: 'ecs', operation: 'TagResource', error: 'AccessDeniedException', times: 100 },
    ]);
    const ours = await lease(1, { clients: aws.clients });
    expect(await aws.until(take(ours))).toBe(true);
    await aws.until(ours.confirm());
    await aws.clock.advance(5 * MINUTE);
    expect(ours.tags).toBe(false);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ kind: 'notice', level: 'warning' });
    expect(JSON.stringify(told)).toContain('allow ecs:TagResource');
  });
});
