import { expect, test } from '@jest/globals';
import { createStage } from './support.ts';

const runTask = {
  cluster: 'spot',
  taskDefinition: 'web',
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
};
const SPOT = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }];

function withSpotCluster() {
  const sandbox = createStage();
  sandbox.call('CreateCluster', {
    clusterName: 'spot',
    capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    defaultCapacityProviderStrategy: SPOT,
  });
  return sandbox;
}

test('a cluster keeps its defaults for Service Connect and its configuration', () => {
  const sandbox = createStage();
  const serviceConnectDefaults = {
    namespace: 'arn:aws:servicediscovery:eu-west-1:123456789012:namespace/ns-1',
  };
  const configuration = { executeCommandConfiguration: { logging: 'DEFAULT' } };
  const { cluster } = sandbox.call('CreateCluster', {
    clusterName: 'shop',
    serviceConnectDefaults,
    configuration,
  });
  expect(cluster).toMatchObject({ serviceConnectDefaults, configuration });

  const described = (include: string[]) =>
    sandbox.call('DescribeClusters', { clusters: ['shop'], include }).clusters[0];
  expect(described(['CONFIGURATIONS'])).toMatchObject({ serviceConnectDefaults, configuration });
  expect(described([])).toMatchObject({ serviceConnectDefaults, configuration: undefined });
});

test('a cluster that is created again has only its new tags', () => {
  const sandbox = createStage();
  sandbox.call('CreateCluster', { clusterName: 'shop', tags: [{ key: 'old', value: '1' }] });
  sandbox.call('DeleteCluster', { cluster: 'shop' });
  const { cluster } = sandbox.call('CreateCluster', {
    clusterName: 'shop',
    tags: [{ key: 'new', value: '2' }],
  });
  expect(cluster.tags).toEqual([{ key: 'new', value: '2' }]);
});

test('a task without a launch type follows the default strategy of its cluster', () => {
  const sandbox = withSpotCluster();
  const run = (more: object) => sandbox.call('RunTask', { ...runTask, ...more }).tasks[0];
  expect(run({})).toMatchObject({ capacityProviderName: 'FARGATE_SPOT', launchType: 'FARGATE' });
  expect(run({ launchType: 'FARGATE' })).not.toHaveProperty('capacityProviderName');
});

test('a task has a launch type or a strategy of capacity providers, which the cluster must have', () => {
  const sandbox = withSpotCluster();
  expect(
    sandbox.refusal('RunTask', { ...runTask, launchType: 'FARGATE', capacityProviderStrategy: SPOT }),
  ).toEqual({
    code: 'InvalidParameterException',
    message: expect.stringContaining('Specifying both a launch type and capacity provider strategy'),
  });
  expect(
    sandbox.refusal('RunTask', { ...runTask, capacityProviderStrategy: [{ capacityProvider: 'none' }] }),
  ).toMatchObject({ message: expect.stringContaining('not associated with the cluster') });
});

test.each([
  [{ capacityProviders: ['none'] }, /'none' was not found/],
  [
    { capacityProviders: ['FARGATE'], defaultCapacityProviderStrategy: SPOT },
    /not associated with the cluster/,
  ],
])('a cluster cannot have %j', (providers, message) => {
  const sandbox = createStage();
  const refused = { code: 'InvalidParameterException', message: expect.stringMatching(message) };
  expect(sandbox.refusal('CreateCluster', { clusterName: 'shop', ...providers })).toEqual(refused);
  expect(sandbox.call('ListClusters', {}).clusterArns).toHaveLength(1);
  const change = { cluster: 'main', defaultCapacityProviderStrategy: [], ...providers };
  expect(sandbox.refusal('PutClusterCapacityProviders', change)).toEqual(refused);
});
