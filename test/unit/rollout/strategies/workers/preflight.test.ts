import type { Service } from '@aws-sdk/client-ecs';
import { expect, test } from '@jest/globals';
import type { CustomMetric } from '../../../../../src/core/request.ts';
import { workerProblems } from '../../../../../src/rollout/strategies/workers/preflight.ts';
import { HOUR } from '../../../../../src/core/time/clock.ts';
import { rolloutRequest } from '../../../../support/rollout-request.ts';

const worker: Service = { serviceName: 'worker', deployments: [{ status: 'PRIMARY' }] };
const metric = (placeholder: string): CustomMetric => ({
  name: `by ${placeholder}`,
  kind: 'limit',
  statistic: 'Maximum',
  metric: { namespace: 'Shop', metric: 'Age', dimensions: { Of: `{${placeholder}}` } },
  max: 60,
});

const connected = (services: object[]): Service => ({
  ...worker,
  deployments: [
    {
      status: 'PRIMARY',
      serviceConnectConfiguration: { enabled: true, services: services.map(() => ({ portName: 'http' })) },
    },
  ],
});

test('a service that nobody sends requests to is released as a worker', () => {
  expect(workerProblems(worker, rolloutRequest({ metrics: [metric('revision')] }))).toEqual([]);
});

test('all that a worker cannot have is told at once', () => {
  const rollout = rolloutRequest({
    smokeTests: [{ path: '/', status: 200, times: 1 }],
    metrics: [metric('revision'), metric('target-group'), metric('load-balancer')],
    gates: [
      { kind: 'approval', percent: 30, within: HOUR },
      { kind: 'approval', percent: 50, within: HOUR },
    ],
  });
  expect(workerProblems(worker, rollout)).toEqual([
    expect.stringMatching(/^smoke-test is given, but service worker has no load balancer/),
    expect.stringMatching(/^gates: one stands at 30%, where service worker never is/),
    expect.stringMatching(/^metrics: "by target-group" has .* use \{revision\} or \{task-definition\}/),
    expect.stringMatching(/^metrics: "by load-balancer"/),
  ]);
});

test('requests by Service Connect or VPC Lattice are not left to chance; asking others by it is no matter', () => {
  expect(workerProblems(connected([{}]), rolloutRequest())).toEqual([
    expect.stringContaining('service worker has no load balancer, but gets requests by Service Connect'),
  ]);
  expect(workerProblems(connected([]), rolloutRequest())).toEqual([]);
});
