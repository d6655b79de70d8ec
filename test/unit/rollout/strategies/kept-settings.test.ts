// Where its tasks run and how many there are belongs to the service and its scaling, not to a
// release.
import { describe, expect, test } from '@jest/globals';
import type { DescribeServicesResponse, Service, UpdateServiceRequest } from '@aws-sdk/client-ecs';
import type { Service as AwsService } from '../../../../sandbox/wire/service.ts';
import type { RolloutRequest } from '../../../../src/core/request.ts';
import { MINUTE } from '../../../../src/core/time/clock.ts';
import { rolloutRequest } from '../../../support/rollout-request.ts';
import { createSimulatedAws, type SimulatedAwsOptions } from '../../../support/simulated-aws.ts';
import { NEW_IMAGE, releaseRolling } from '../../../support/simulated-rolling.ts';
import { createSimulatedWorker, FAILED_ORDERS, WORKER } from '../../../support/simulated-worker.ts';

const PLACEMENT = {
  capacityProviderStrategy: [{ capacityProvider: 'shop-instances', weight: 1, base: 0 }],
  placementConstraints: [{ type: 'memberOf' as const, expression: 'attribute:ecs.instance-type =~ t3.*' }],
  placementStrategy: [
    { type: 'spread' as const, field: 'attribute:ecs.availability-zone' },
    { type: 'binpack' as const, field: 'memory' },
  ],
};
const DESIRED = 2;

const quick: Partial<RolloutRequest> = {
  steps: [50, 100],
  bakeTime: MINUTE,
  keepOld: 0,
  judging: { ...rolloutRequest().judging, metricDelay: MINUTE, warmUp: 0 },
};

/**
 * Scaling that adds a task whenever the run has registered a task definition or updated a service.
 */
function scaledBeside() {
  let added = 0;
  const own = new Set(['RegisterTaskDefinition', 'UpdateService']);
  const disturb = (service: AwsService): AwsService => {
    if (service.name !== 'ecs') return service;
    const { operations } = service;
    const scaled =
      (operation: string): AwsService['operations'][string] =>
      async (input, caller) => {
        const output: unknown = await operations[operation]!(input, caller);
        const place = { cluster: 'shop', service: operation === 'UpdateService' ? input.service : name };
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the sandbox's own reply
        const { services } = (await operations['DescribeServices']!(
          { cluster: 'shop', services: [place.service] },
          caller,
        )) as DescribeServicesResponse;
        const desiredCount = services![0]!.desiredCount! + 1;
        await operations['UpdateService']!({ ...place, desiredCount } satisfies UpdateServiceRequest, caller);
        added++;
        return output;
      };
    return {
      ...service,
      operations: {
        ...operations,
        ...Object.fromEntries([...own].map((operation) => [operation, scaled(operation)])),
      },
    };
  };
  let name = 'web';
  return {
    disturb,
    of: (service: string) => void (name = service),
    added: () => added,
  };
}

const settingsOf = ({ capacityProviderStrategy, placementConstraints, placementStrategy }: Service) => ({
  capacityProviderStrategy,
  placementConstraints,
  placementStrategy,
});

const KINDS = {
  canary: { strategy: 'canary', options: {} },
  'blue-green': { strategy: 'blue-green', options: {} },
  rolling: {
    strategy: 'rolling',
    options: {
      shifting: false,
      deploymentConfiguration: { strategy: 'ROLLING', minimumHealthyPercent: 50, maximumPercent: 200 },
    },
  },
  worker: { strategy: 'canary', options: {} },
} as const satisfies Record<
  string,
  { strategy: RolloutRequest['strategy']; options: Partial<SimulatedAwsOptions> }
>;

describe.each(['canary', 'blue-green', 'rolling', 'worker'] as const)('a %s release', (kind) => {
  test.each([
    ['is deployed', {}, 'deployed'],
    ['is rolled back', { exitsAfter: 2_000 }, 'rolled-back'],
  ] as const)(
    'that %s keeps where tasks run, and their number while it is scaled',
    async (_, behaviour, outcome) => {
      const { strategy, options } = KINDS[kind];
      const scaling = scaledBeside();
      const aws = await createSimulatedAws({
        versions: { [NEW_IMAGE]: behaviour },
        rate: 100,
        desiredCount: DESIRED,
        scaledInstances: { minimum: 4, maximum: 8 },
        ...PLACEMENT,
        ...options,
        disturb: scaling.disturb,
      });
      const isWorker = kind === 'worker';
      const worker = isWorker
        ? await createSimulatedWorker(aws, { desiredCount: DESIRED, rate: 20, service: PLACEMENT })
        : null;
      if (worker) await aws.clock.advance(5 * MINUTE);
      scaling.of(isWorker ? 'worker' : 'web');
      const released = await releaseRolling(aws, {
        rollout: { ...quick, strategy, ...(isWorker && { metrics: [FAILED_ORDERS] }) },
        ...(isWorker && { place: WORKER }),
      });
      expect(released.outcome).toBe(outcome);
      const service = isWorker ? await worker!.described() : released.service;
      expect(settingsOf(service)).toEqual(PLACEMENT);
      expect(scaling.added()).toBeGreaterThan(1);
      expect(service.desiredCount).toBe(DESIRED + scaling.added());
      worker?.close();
      await aws.close();
    },
  );
});

test('a rolling release that is rolled back after its deployment keeps them, too', async () => {
  const scaling = scaledBeside();
  let errorsFrom = Infinity;
  const aws = await createSimulatedAws({
    versions: {},
    rate: 100,
    desiredCount: DESIRED,
    scaledInstances: { minimum: 4, maximum: 8 },
    ...PLACEMENT,
    ...KINDS.rolling.options,
    disturb: scaling.disturb,
    behaviourNow: ({ image, behaviour }, now) =>
      image === NEW_IMAGE && now > errorsFrom ? { ...behaviour, errorRate: 0.5 } : behaviour,
  });
  errorsFrom = aws.clock.now() + 6 * MINUTE;
  const { outcome, service } = await releaseRolling(aws, {
    rollout: { ...quick, strategy: 'rolling', bakeTime: 10 * MINUTE },
  });
  expect(outcome).toBe('rolled-back');
  // Registration, start, and the old task definition again.
  expect(scaling.added()).toBe(3);
  expect(settingsOf(service)).toEqual(PLACEMENT);
  expect(service.desiredCount).toBe(DESIRED + 3);
  await aws.close();
});
