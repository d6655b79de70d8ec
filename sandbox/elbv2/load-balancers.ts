import type {
  CreateLoadBalancerInput,
  DescribeLoadBalancersInput,
  DescribeLoadBalancersOutput,
  LoadBalancer,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../wire/service.ts';
import { newLoadBalancerAttributes } from './attributes.ts';
import { invalid, page, required, resourceName } from './parameters.ts';
import { findLoadBalancer, listenersOf, rulesOf } from './world.ts';
import type { LoadBalancerRecord, World } from './world.ts';

/** All load balancers of the sandbox listen on this machine and differ only by port. */
const DNS_NAME = 'localhost';
const CANONICAL_HOSTED_ZONE = 'Z215JYRZR1TBD5';

export function createLoadBalancer(
  world: World,
  region: string,
  input: CreateLoadBalancerInput,
): LoadBalancerRecord {
  const name = resourceName(input.Name, 'Load balancer');
  const { Type = 'application', Scheme = 'internet-facing', SecurityGroups = [] } = input;
  if (Type !== 'application') {
    throw invalid(`The sandbox has load balancers of type 'application' only, not '${Type}'`);
  }
  const subnets = input.Subnets ?? input.SubnetMappings?.map(({ SubnetId }) => SubnetId!) ?? [];
  if (subnets.length < 2) {
    throw invalid('At least two subnets in two different Availability Zones must be specified');
  }

  const same = [...world.loadBalancers.values()].find((loadBalancer) => loadBalancer.name === name);
  if (same) {
    const { Scheme: scheme, AvailabilityZones } = same.description;
    const before = AvailabilityZones!.map(({ SubnetId }) => SubnetId);
    if (scheme === Scheme && before.join() === subnets.join()) return same;
    throw new AwsError(
      'DuplicateLoadBalancerName',
      `A load balancer with the same name '${name}' exists, but with different settings`,
    );
  }

  const arn = world.newArn(`loadbalancer/app/${name}`);
  const loadBalancer: LoadBalancerRecord = {
    arn,
    name,
    attributes: newLoadBalancerAttributes(),
    description: {
      LoadBalancerArn: arn,
      DNSName: DNS_NAME,
      CanonicalHostedZoneId: CANONICAL_HOSTED_ZONE,
      CreatedTime: new Date(world.clock.now()),
      LoadBalancerName: name,
      Scheme,
      VpcId: 'vpc-sandbox',
      State: { Code: 'active' },
      Type,
      AvailabilityZones: subnets.map((SubnetId, i) => ({
        SubnetId,
        ZoneName: `${region}${'abcdef'[i % 6]}`,
      })),
      SecurityGroups,
      IpAddressType: input.IpAddressType ?? 'ipv4',
    },
  };
  world.loadBalancers.set(arn, loadBalancer);
  return loadBalancer;
}

export function describeLoadBalancers(
  world: World,
  input: DescribeLoadBalancersInput,
): DescribeLoadBalancersOutput {
  const { LoadBalancerArns: arns, Names: names } = input;
  const all = [...world.loadBalancers.values()];
  const unknown = names?.filter((name) => !all.some((loadBalancer) => loadBalancer.name === name)) ?? [];
  if (unknown.length > 0) {
    throw new AwsError('LoadBalancerNotFound', `Load balancers '[${unknown.join(', ')}]' not found`);
  }
  const found = arns
    ? arns.map((arn) => findLoadBalancer(world, arn))
    : all.filter(({ name }) => !names || names.includes(name));
  const { shown, NextMarker } = page(found, input);
  return { LoadBalancers: shown.map(({ description }): LoadBalancer => description), NextMarker };
}

/**
 * Deletes a load balancer with its listeners and rules. As on AWS, succeeds when it does not exist.
 */
export function deleteLoadBalancer(world: World, arn: string | undefined): void {
  const loadBalancer = world.loadBalancers.get(required(arn, 'loadBalancerArn'));
  if (!loadBalancer) return;
  if (loadBalancer.attributes.get('deletion_protection.enabled') === 'true') {
    throw new AwsError(
      'OperationNotPermitted',
      `Load balancer '${arn}' cannot be deleted because deletion protection is enabled`,
    );
  }
  for (const listener of listenersOf(world, loadBalancer.arn)) removeListener(world, listener.arn);
  world.loadBalancers.delete(loadBalancer.arn);
  world.tags.delete(loadBalancer.arn);
}

export function removeListener(world: World, listenerArn: string): void {
  for (const { arn } of rulesOf(world, listenerArn)) {
    world.rules.delete(arn);
    world.tags.delete(arn);
  }
  world.listeners.delete(listenerArn);
  world.tags.delete(listenerArn);
}
