import type { Service } from '@aws-sdk/client-ecs';
import type { CustomMetric, RolloutRequest } from '../../../core/request.ts';
import { SIDE_BY_SIDE_PERCENT } from './plan.ts';

/** A service that nothing sends requests to: its tasks take their work themselves, from a queue or by the clock. */
export function isWorker({ loadBalancers = [] }: Service): boolean {
  return loadBalancers.length === 0;
}

/** What keeps a worker from being rolled out as one, each with its fix. Pure. */
export function workerProblems(service: Service, { smokeTests, metrics, gates }: RolloutRequest): string[] {
  const name = `service ${service.serviceName}`;
  return [
    ...otherTraffic(service).map(
      (by) =>
        `${name} has no load balancer, but gets requests by ${by}: ecs-ramp moves production traffic on an Application Load Balancer only, and releases without one what nobody sends requests to.`,
    ),
    ...(smokeTests.length > 0
      ? [`smoke-test is given, but ${name} has no load balancer to send a request through: leave it out.`]
      : []),
    ...gates
      .filter(({ percent }) => percent !== SIDE_BY_SIDE_PERCENT)
      .map(
        ({ percent }) =>
          `gates: one stands at ${percent}%, where ${name} never is: without a load balancer its only step is ${SIDE_BY_SIDE_PERCENT}%. Put it there, with steps: ${SIDE_BY_SIDE_PERCENT},100.`,
      ),
    ...metrics
      .filter(asksForBalancer)
      .map(
        ({ name: metric }) =>
          `metrics: "${metric}" has {target-group} or {load-balancer} in a dimension, but ${name} has none: use {revision} or {task-definition}.`,
      ),
  ];
}

/** ECS moves this traffic itself, and the new tasks get none of it before: they would be judged by nothing. */
function otherTraffic({ deployments = [] }: Service): string[] {
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  const connect = primary?.serviceConnectConfiguration;
  return [
    ...(connect?.enabled && (connect.services ?? []).length > 0 ? ['Service Connect'] : []),
    ...((primary?.vpcLatticeConfigurations ?? []).length > 0 ? ['VPC Lattice'] : []),
  ];
}

/** Placeholders that only a load balancer can fill in. */
export function asksForBalancer(metric: CustomMetric): boolean {
  const all = metric.kind === 'limit' ? [metric.metric] : [...metric.bad, ...metric.total];
  return all.some(({ dimensions }) =>
    Object.values(dimensions).some((value) => /\{(target-group|load-balancer)\}/.test(value)),
  );
}
