import http from 'node:http';
import type net from 'node:net';
import { freePorts } from '../demo/free-ports.ts';
import { createBalancer } from '../../sandbox/balancer/balancer.ts';
import type { BalancerOptions } from '../../sandbox/balancer/balancer.ts';
import type { ForwardAction, ListenerRouting, MetricSink, RuleRouting, Target } from '../../sandbox/ports.ts';
import { systemClock } from '../../src/core/time/clock.ts';

export const LOAD_BALANCER = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/shop/1';
export const targetGroupArn = (name: string) =>
  `arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/${name}/1`;

/** A real balancer with real targets, and a record of its metrics. `close` ends all of them. */
export function createRig(options: Partial<BalancerOptions> = {}) {
  const samples: Parameters<MetricSink['record']>[0][] = [];
  const balancer = createBalancer({
    clock: systemClock,
    metrics: { record: (sample) => void samples.push(sample) },
    ...options,
  });
  const servers: http.Server[] = [];
  // closed connections of a client that keeps them alive would hide what a new one sees
  const agent = new http.Agent({ keepAlive: true, maxSockets: 50 });

  const startTarget = async (
    handler: http.RequestListener,
  ): Promise<Target & { readonly server: http.Server }> => {
    const server = http.createServer(handler);
    servers.push(server);
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    return { id: '127.0.0.1', port: portOf(server), server };
  };

  /** Serves the rules on a free port. */
  const serve = async (
    rules: readonly RuleRouting[],
    rest: Partial<ListenerRouting> = {},
  ): Promise<number> => {
    const port = rest.port ?? (await freePort());
    await balancer.apply([{ listenerArn: 'listener', loadBalancerArn: LOAD_BALANCER, port, rules, ...rest }]);
    return port;
  };

  /** How often a metric was counted, by target group, or for the load balancer as a whole. */
  const count = (metric: string, group: string | null = null) =>
    samples.filter(
      (sample) =>
        sample.metric === metric &&
        sample.dimensions.some(
          ({ TargetGroup }) => TargetGroup === (group === null ? undefined : `targetgroup/${group}/1`),
        ),
    ).length;

  const close = async () => {
    agent.destroy();
    await balancer.close();
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  };

  return { balancer, samples, agent, startTarget, serve, count, close };
}

type Group = ForwardAction['groups'][number];

export function group(name: string, targets: readonly Target[], rest: Partial<Group> = {}): Group {
  return { targetGroupArn: targetGroupArn(name), weight: 1, targetStickiness: null, targets, ...rest };
}

export function forwardTo(groups: readonly Group[], groupStickiness: number | null = null): RuleRouting {
  return { ruleArn: 'default', conditions: [], action: { kind: 'forward', groups, groupStickiness } };
}

export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** Rejects if the answer is missing or incomplete. */
export function send(
  port: number,
  { body, agent, ...options }: http.RequestOptions & { body?: string | Buffer } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, agent: agent ?? false, ...options }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({
          status: answer.statusCode!,
          headers: answer.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port!;
}

export function portOf(server: net.Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the server does not listen on a port');
  return address.port;
}
