import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { CustomMetric } from '../../../../../src/core/request.ts';
import { preflight } from '../../../../../src/rollout/preflight/preflight.ts';
import { batches } from '../../../../../src/rollout/strategies/rolling/remark.ts';
import { rolloutRequest } from '../../../../support/rollout-request.ts';
import type { SimulatedAws, SimulatedAwsOptions } from '../../../../support/simulated-aws.ts';
import { createRollingService } from '../../../../support/simulated-rolling.ts';

jest.setTimeout(30_000);

let aws: SimulatedAws | null = null;
afterEach(async () => {
  await aws?.close();
  aws = null;
});

const byTargetGroup: CustomMetric = {
  name: 'age',
  kind: 'limit',
  statistic: 'Maximum',
  metric: { namespace: 'Shop', metric: 'Age', dimensions: { Of: '{target-group}' } },
  max: 60,
};

async function look(
  different: Parameters<typeof rolloutRequest>[0],
  options: Partial<SimulatedAwsOptions> = {},
) {
  aws = await createRollingService(options);
  const rollout = rolloutRequest(different);
  const { clients, clock, until } = aws;
  return until(preflight({ service: 'web', cluster: 'shop', rollout }, clients, { tell() {}, clock }));
}

describe('a service with one target group', () => {
  test('is refused when strategy is not set, with both fixes', async () => {
    await expect(look({})).rejects.toThrow(
      /has no advancedConfiguration: .*docs\/setup\.md shows\. With strategy: rolling, ecs-ramp watches a rolling update of the service as it is, without a canary: see docs\/rolling\.md\./,
    );
  });

  test('is read with its percentages for a rolling update', async () => {
    const facts = await look({ strategy: 'rolling' });
    expect(batches(facts)).toEqual({ minimumHealthyPercent: 50, maximumPercent: 100 });
    expect(facts.routing).toMatchObject({
      kind: 'one-group',
      group: { targetGroup: expect.stringMatching(/^targetgroup\/web-blue\//) },
      sticky: false,
    });
  });
});

test('all problems of a rolling update are reported together', async () => {
  const refused = look(
    { strategy: 'rolling', metrics: [byTargetGroup] },
    { shifting: true, deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 } },
  );
  await expect(refused).rejects.toMatchObject({
    problems: [
      expect.stringMatching(/strategy is rolling, but service web has the deployment strategy BLUE_GREEN/),
      expect.stringMatching(
        /metrics: "age" has \{target-group\} or \{load-balancer\} in a dimension, but both revisions/,
      ),
    ],
  });
});
