import type { Service } from '@aws-sdk/client-ecs';
import type { CustomMetric, RolloutRequest } from '../../../core/request.ts';
import { hiddenTraffic } from '../../traffic/hidden-traffic.ts';
import { SIDE_BY_SIDE_PERCENT } from './plan.ts';

/**
 * Whether a service has no load balancer: its tasks fetch their work, from a queue or on a
 * schedule.
 */
export function isWorker({ loadBalancers = [] }: Service): boolean {
  return loadBalancers.length === 0;
}

/** What prevents a rollout of a worker, each with its fix. Pure. */
export function workerProblems(service: Service, { smokeTests, metrics, gates }: RolloutRequest): string[] {
  const name = `service ${service.serviceName}`;
  return [
    ...hiddenTraffic(service).map(
      (by) =>
        `${name} has no load balancer, but receives requests through ${by}: ecs-ramp moves production traffic only on an Application Load Balancer, and releases a service without one only if it receives no requests.`,
    ),
    ...(smokeTests.length > 0
      ? [
          `smoke-test is given, but ${name} has no load balancer to send a request through: remove smoke-test.`,
        ]
      : []),
    ...gates
      .filter(({ percent }) => percent !== SIDE_BY_SIDE_PERCENT)
      .map(
        ({ percent }) =>
          `gates: there is a gate at ${percent}%, but ${name} has no step at ${percent}%: without a load balancer its only step is ${SIDE_BY_SIDE_PERCENT}%. Set the gate to ${SIDE_BY_SIDE_PERCENT}, with steps: ${SIDE_BY_SIDE_PERCENT},100.`,
      ),
    ...metrics
      .filter(asksForBalancer)
      .map(
        ({ name: metric }) =>
          `metrics: "${metric}" has {target-group} or {load-balancer} in a dimension, but ${name} has no load balancer: use {revision} or {task-definition}.`,
      ),
  ];
}

/** Whether a metric has placeholders that require a load balancer. */
export function asksForBalancer(metric: CustomMetric): boolean {
  const all = metric.kind === 'limit' ? [metric.metric] : [...metric.bad, ...metric.total];
  return all.some(({ dimensions }) =>
    Object.values(dimensions).some((value) => /\{(target-group|load-balancer)\}/.test(value)),
  );
}
