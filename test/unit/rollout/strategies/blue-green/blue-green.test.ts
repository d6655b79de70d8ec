import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import type { Behaviour } from '../../../../../sandbox/simulated/behaviour.ts';
import type { RolloutRequest } from '../../../../../src/core/request.ts';
import { MINUTE } from '../../../../../src/core/time/clock.ts';
import type { NewEvent } from '../../../../../src/core/trail/event.ts';
import { connectRollout } from '../../../../../src/rollout/connect.ts';
import { preflight } from '../../../../../src/rollout/preflight/preflight.ts';
import { rollOut } from '../../../../../src/rollout/rollout.ts';
import { planTime } from '../../../../../src/rollout/strategies/strategies.ts';
import { leaseOf } from '../../../../support/lease.ts';
import { rolloutRequest } from '../../../../support/rollout-request.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../../support/simulated-aws.ts';

jest.setTimeout(120_000);

let aws: SimulatedAws;
afterEach(() => aws.close());

const request = (different: Partial<RolloutRequest> = {}) =>
  rolloutRequest({ strategy: 'blue-green', smokeTests: [], ...different });

/** Rolls out version 2 on a virtual clock. */
async function release(behaviour: Partial<Behaviour>, different: Partial<RolloutRequest> = {}) {
  aws = await createSimulatedAws({ versions: { v2: behaviour } });
  const { clients, clock } = aws;
  const rollout = request(different);
  const taskDefinitionArn = await aws.register('v2');
  const told: NewEvent[] = [];
  const tell = (event: NewEvent) => void told.push(event);
  const service = await aws.until(
    preflight({ service: 'web', cluster: 'shop', rollout }, clients, { clock, tell }),
  );
  const ports = await connectRollout(
    { rollout, service, release: { taskDefinitionArn }, serviceDeploymentArn: null },
    { clients, lease: await leaseOf(clients, clock), clock, tell, cancelled: new AbortController().signal },
  );
  const result = await aws.until(rollOut(rollout, ports));
  const ecs = await clients.ecs();
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }));
  return { result, told, service: services![0]! };
}

const steps = (told: readonly NewEvent[]) =>
  told.flatMap((event) => (event.kind === 'step-started' ? [event.percent] : []));

describe('a blue/green deployment', () => {
  test('of a good release gets all traffic at once, is judged for the bake time and leaves nothing on the service', async () => {
    const { result, told, service } = await release({});
    expect(result).toMatchObject({ outcome: 'deployed', canaryPercent: 100 });
    expect(steps(told)).toEqual([100]);
    const passed = told.find((event) => event.kind === 'step-passed' && event.percent === 100);
    expect(passed).toMatchObject({ took: expect.any(Number) });
    expect(service.deploymentConfiguration?.lifecycleHooks).toEqual([]);
    // The old revision is still kept, and the result shows until when.
    expect(result.oldRevisionUntil).toBeGreaterThan(aws.clock.now());
  });

  test('of a bad release is rolled back by the counts while the old revision is kept', async () => {
    const { result, told } = await release({ errorRate: 0.3 });
    expect(result).toMatchObject({ outcome: 'rolled-back', canaryPercent: 0 });
    expect(told).toContainEqual(
      expect.objectContaining({ kind: 'rollback-requested', cause: 'judge', percent: 100 }),
    );
  });

  test('of a release that never starts gives it no traffic', async () => {
    const { result, told } = await release({ healthy: false });
    expect(result).toMatchObject({ outcome: 'rolled-back', canaryPercent: 0 });
    expect(steps(told)).toEqual([]);
  });

  test('refuses gates at steps that it does not have', async () => {
    const gates = [{ kind: 'approval', percent: 10, within: MINUTE }] as const;
    await expect(release({}, { gates })).rejects.toThrow(
      /gates: there is a gate at 10%, .* set the gate to 0/,
    );
  });
});

test('its time is that of one judged step and of keep-old', () => {
  const { least, longest } = planTime(
    request({ bakeTime: 9 * MINUTE, keepOld: 20 * MINUTE, onConflict: 'fail' }),
  );
  expect(least).toBe(9 * MINUTE);
  const { capacityTimeout, startTimeout, stepTimeout } = request();
  expect(longest).toBe(capacityTimeout + startTimeout + stepTimeout + 20 * MINUTE);
});
