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

test('a service without requests is released as a worker', () => {
  expect(workerProblems(worker, rolloutRequest({ metrics: [metric('revision')] }))).toEqual([]);
});

test('all problems of a worker are reported together', () => {
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
    expect.stringMatching(/^gates: there is a gate at 30%, but service worker has no step at 30%/),
    expect.stringMatching(/^metrics: "by target-group" has .* use \{revision\} or \{task-definition\}/),
    expect.stringMatching(/^metrics: "by load-balancer"/),
  ]);
});

test('services that receive requests through Service Connect or VPC Lattice are refused; clients are not', () => {
  expect(workerProblems(connected([{}]), rolloutRequest())).toEqual([
    expect.stringContaining(
      'service worker has no load balancer, but receives requests through Service Connect',
    ),
  ]);
  expect(workerProblems(connected([]), rolloutRequest())).toEqual([]);
});
