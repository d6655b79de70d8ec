import { UpdateServiceCommand, type UpdateServiceRequest } from '@aws-sdk/client-ecs';
import { afterEach, expect, jest, test } from '@jest/globals';
import { MINUTE } from '../../../../src/core/time/clock.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../support/simulated-aws.ts';
import { createSimulatedWorker } from '../../../support/simulated-worker.ts';
import { call } from '../../cli/calls.ts';

jest.setTimeout(60_000);

// Services without a load balancer entry that receive requests all the same.
let aws: SimulatedAws;
afterEach(() => aws.close());

async function planWith(change: Partial<UpdateServiceRequest>, service = 'worker') {
  aws = await createSimulatedAws({ versions: {} });
  const worker = await createSimulatedWorker(aws);
  const ecs = await aws.bystander.ecs();
  await ecs.send(new UpdateServiceCommand({ cluster: 'shop', service, ...change }));
  await aws.clock.advance(5 * MINUTE);
  worker.close();
  const args = ['plan', '--cluster', 'shop', '--service', service, '--image'];
  return aws.until(
    call([...args, `registry.example.com/shop/web@sha256:${'a'.repeat(64)}`], {
      env: { AWS_REGION: 'eu-west-1' },
      clock: aws.clock,
      clients: aws.clients,
    }),
  );
}

test('a service behind an ECS Gateway is refused: DescribeServices does not show it', async () => {
  const { code, stdout, stderr } = await planWith({ gatewayConnectors: [{ portName: 'http' }] });
  expect(code).toBe(1);
  expect(stdout + stderr).toContain('service worker receives requests through an ECS Gateway');
});

test('a service that others find by Cloud Map is refused', async () => {
  const registryArn = 'arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-1';
  const { code, stdout, stderr } = await planWith({ serviceRegistries: [{ registryArn }] });
  expect(code).toBe(1);
  expect(stdout + stderr).toContain('but receives requests through Cloud Map');
});

test('a worker that receives no requests is planned', async () => {
  const { code } = await planWith({ forceNewDeployment: true });
  expect(code).toBe(0);
});

test('a service behind a load balancer that also has Service Connect is planned, with a warning', async () => {
  const { code, stdout, stderr } = await planWith(
    {
      serviceConnectConfiguration: {
        enabled: true,
        namespace: 'shop',
        services: [{ portName: 'http', clientAliases: [{ port: 80 }] }],
      },
    },
    'web',
  );
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toContain('warning: service web also receives requests through Service Connect');
});
