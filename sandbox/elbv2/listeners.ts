import type {
  CreateListenerInput,
  DescribeListenersInput,
  DescribeListenersOutput,
  Listener,
  ModifyListenerInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../wire/service.ts';
import { parseActions } from './actions.ts';
import { parseSecurity } from './listener-certificates.ts';
import { integer, invalid, page, required } from './parameters.ts';
import type { Publisher } from './publisher.ts';
import { changeActions } from './rules.ts';
import { defaultRule, findListener, findLoadBalancer, listenersOf } from './world.ts';
import type { ListenerRecord, World } from './world.ts';

export async function createListener(
  world: World,
  publisher: Publisher,
  input: CreateListenerInput,
): Promise<ListenerRecord> {
  const loadBalancer = findLoadBalancer(world, required(input.LoadBalancerArn, 'loadBalancerArn'));
  if (input.Protocol === undefined) throw invalid('A listener protocol must be specified');
  const secure = parseSecurity(world, input);
  if (input.Port === undefined) throw invalid('A listener port must be specified');
  const port = integer(input.Port, 'port', [1, 65_535]);
  const actions = parseActions(world, input.DefaultActions, loadBalancer.arn);

  const path = loadBalancer.arn.split(':loadbalancer/')[1]!;
  const listener: ListenerRecord = {
    arn: world.newArn(`listener/${path}`),
    loadBalancerArn: loadBalancer.arn,
    port,
    secure,
  };
  const ruleArn = world.newArn(`listener-rule/${listener.arn.split(':listener/')[1]!}`);
  await opening(port, () =>
    publisher.publish({
      apply() {
        checkPort(world, listener, port);
        world.listeners.set(listener.arn, listener);
        world.rules.set(ruleArn, {
          arn: ruleArn,
          listenerArn: listener.arn,
          priority: null,
          conditions: [],
          actions,
          serving: actions,
        });
      },
      undo() {
        world.listeners.delete(listener.arn);
        world.rules.delete(ruleArn);
      },
    }),
  );
  return listener;
}

export async function modifyListener(
  world: World,
  publisher: Publisher,
  input: ModifyListenerInput,
): Promise<ListenerRecord> {
  const listener = findListener(world, required(input.ListenerArn, 'listenerArn'));
  const { port: portBefore, secure: secureBefore } = listener;
  const secure = parseSecurity(world, input, secureBefore);
  const port = integer(input.Port ?? portBefore, 'port', [1, 65_535]);
  const actions = input.DefaultActions && parseActions(world, input.DefaultActions, listener.loadBalancerArn);

  if (port !== portBefore || secure !== secureBefore) {
    await opening(port, () =>
      publisher.publish({
        apply() {
          checkPort(world, listener, port);
          Object.assign(listener, { port, secure });
        },
        undo() {
          Object.assign(listener, { port: portBefore, secure: secureBefore });
        },
      }),
    );
  }
  if (actions) changeActions(world, publisher, { rule: defaultRule(world, listener.arn), actions });
  return listener;
}

function checkPort(world: World, listener: ListenerRecord, port: number): void {
  const other = [...world.listeners.values()].find((each) => each.port === port && each !== listener);
  if (!other) return;
  throw new AwsError(
    'DuplicateListener',
    other.loadBalancerArn === listener.loadBalancerArn
      ? `A listener already exists on this port for this load balancer '${listener.loadBalancerArn}'`
      : `A listener of '${other.loadBalancerArn}' already exists on port ${port}: in the sandbox all load balancers share this machine's ports, choose another`,
  );
}

/** A port that cannot be opened is a refusal, not a failure of the sandbox. */
async function opening(port: number, open: () => Promise<void>): Promise<void> {
  try {
    await open();
  } catch (error) {
    if (error instanceof AwsError) throw error;
    const cause = error instanceof Error ? error.message : String(error);
    throw new AwsError(
      'InvalidConfigurationRequest',
      `Port ${port} of this machine cannot be opened (${cause}): free it or choose another`,
    );
  }
}

export function describeListener(world: World, listener: ListenerRecord): Listener {
  return {
    ListenerArn: listener.arn,
    LoadBalancerArn: listener.loadBalancerArn,
    Port: listener.port,
    ...security(listener),
    DefaultActions: defaultRule(world, listener.arn).actions,
  };
}

function security({ secure }: ListenerRecord): Partial<Listener> {
  if (secure === null) return { Protocol: 'HTTP' };
  return {
    Protocol: 'HTTPS',
    Certificates: [{ CertificateArn: secure.certificates[0] }],
    SslPolicy: secure.policy,
    MutualAuthentication: { Mode: 'off' },
  };
}

export function describeListeners(world: World, input: DescribeListenersInput): DescribeListenersOutput {
  const { ListenerArns: arns, LoadBalancerArn: loadBalancerArn } = input;
  if (!arns?.length && !loadBalancerArn) {
    throw invalid('You must specify either listener ARNs or a load balancer ARN');
  }
  const found = arns?.length
    ? arns.map((arn) => findListener(world, arn))
    : listenersOf(world, findLoadBalancer(world, loadBalancerArn!).arn);
  const { shown, NextMarker } = page(found, input);
  return { Listeners: shown.map((listener) => describeListener(world, listener)), NextMarker };
}
