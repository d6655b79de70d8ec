import {
  CreateLoadBalancerCommand,
  DeleteLoadBalancerCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Clock } from '../../../src/core/time/clock.ts';
import type { Aws } from '../aws.ts';
import type { Place } from './contract.ts';

/** The cases use listener ports from here. Nothing else uses them. */
const FIRST_PORT = 21_000;

/** A place for many cases, one after another. `close` removes their load balancer. */
export function createPlace(options: {
  readonly aws: Aws;
  readonly clock: Clock;
  /** Prefix of every name, at most 12 characters. */
  readonly prefix: string;
  readonly network: Place['network'];
}): Omit<Place, 'later'> & { close(): Promise<void> } {
  const { aws, prefix, network } = options;
  let names = 0;
  let port = FIRST_PORT;
  let made: Promise<string> | null = null;
  const name = (what: string) => `${prefix}-${what}-${(names += 1)}`;

  async function createLoadBalancer(): Promise<string> {
    const { LoadBalancers } = await aws.elb.send(
      new CreateLoadBalancerCommand({
        Name: name('contract'),
        Scheme: 'internal',
        Subnets: [...network.subnets],
      }),
    );
    return LoadBalancers![0]!.LoadBalancerArn!;
  }

  return {
    ...aws,
    clock: options.clock,
    network,
    name,
    port: () => (port += 1),
    loadBalancer: () => (made ??= createLoadBalancer()),
    async close() {
      if (made) await aws.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: await made }));
    },
  };
}
