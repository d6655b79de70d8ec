import { expect } from '@jest/globals';
import type {
  CreateListenerOutput,
  CreateLoadBalancerOutput,
  CreateTargetGroupOutput,
  DescribeRulesOutput,
  DescribeTargetHealthOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { createElbv2 } from '../../../../sandbox/elbv2/elbv2.ts';
import type { Elbv2Options } from '../../../../sandbox/elbv2/elbv2.ts';
import type {
  DataPlane,
  ForwardAction,
  ListenerRouting,
  MetricSink,
  Target,
} from '../../../../sandbox/ports.ts';
import type { Caller } from '../../../../sandbox/wire/service.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

const caller: Caller = { account: '123456789012', region: 'eu-central-1', accessKeyId: 'test' };

/** A data plane without sockets: it records the routing, and the test sets the health. */
export function simulatedDataPlane() {
  const health = new Map<string, Awaited<ReturnType<DataPlane['probe']>>>();
  const inFlight = new Map<string, number>();
  const plane = {
    listeners: [] as readonly ListenerRouting[],
    takenPorts: new Set<number>(),
    probes: 0,
    health,
    inFlight,
  };
  const dataPlane: DataPlane = {
    async apply(listeners) {
      const taken = listeners.find(({ port }) => plane.takenPorts.has(port));
      if (taken) throw new Error(`listen EADDRINUSE: address already in use 127.0.0.1:${taken.port}`);
      plane.listeners = listeners;
    },
    async probe({ id }) {
      plane.probes++;
      return health.get(id) ?? { status: 200 };
    },
    inFlight: (_, { id }: Target) => inFlight.get(id) ?? 0,
    async close() {},
  };
  return { plane, dataPlane };
}

export function elbv2(options: Partial<Elbv2Options> = {}) {
  const clock = createVirtualClock();
  const samples: Parameters<MetricSink['record']>[0][] = [];
  const { plane, dataPlane } = simulatedDataPlane();
  const { service, loadBalancing, close } = createElbv2({
    clock,
    account: caller.account,
    region: caller.region,
    dataPlane,
    metrics: { record: (sample) => void samples.push(sample) },
    ...options,
  });

  /** The answer of the API as a promise, so that every refusal is a rejection. */
  // oxlint-disable-next-line typescript/no-explicit-any -- each test reads the reply's shape as the SDK would
  const call = async (operation: string, input: object): Promise<any> =>
    service.operations[operation]!(input, caller);

  const createLoadBalancer = async (name = 'shop') => {
    const output: CreateLoadBalancerOutput = await call('CreateLoadBalancer', {
      Name: name,
      Subnets: ['subnet-a', 'subnet-b'],
    });
    return output.LoadBalancers![0]!.LoadBalancerArn!;
  };

  const createTargetGroup = async (name: string, rest: object = {}) => {
    const output: CreateTargetGroupOutput = await call('CreateTargetGroup', {
      Name: name,
      Protocol: 'HTTP',
      Port: 8080,
      VpcId: 'vpc-1',
      TargetType: 'ip',
      ...rest,
    });
    return output.TargetGroups![0]!.TargetGroupArn!;
  };

  const createListener = async (loadBalancerArn: string, port: number, actions: object[]) => {
    const output: CreateListenerOutput = await call('CreateListener', {
      LoadBalancerArn: loadBalancerArn,
      Protocol: 'HTTP',
      Port: port,
      DefaultActions: actions,
    });
    return output.Listeners![0]!.ListenerArn!;
  };

  const rulesOf = async (listenerArn: string) => {
    const output: DescribeRulesOutput = await call('DescribeRules', { ListenerArn: listenerArn });
    return output.Rules!;
  };

  /** State and reason by target id. */
  const healthOf = async (targetGroupArn: string) => {
    const output: DescribeTargetHealthOutput = await call('DescribeTargetHealth', {
      TargetGroupArn: targetGroupArn,
    });
    return Object.fromEntries(
      output.TargetHealthDescriptions!.map(({ Target, TargetHealth }) => [
        Target!.Id,
        [TargetHealth!.State, TargetHealth!.Reason].filter(Boolean).join(' '),
      ]),
    );
  };

  /** The first forward action on a port in the data plane. */
  const forwarding = (port: number, rule = 0): ForwardAction => {
    const { action } = plane.listeners.find((listener) => listener.port === port)!.rules[rule]!;
    if (action.kind !== 'forward') throw new Error(`rule ${rule} on port ${port} is ${action.kind}`);
    return action;
  };
  const weightsOn = (port: number, rule = 0) => forwarding(port, rule).groups.map(({ weight }) => weight);
  const targetsOn = (port: number) =>
    forwarding(port).groups.map(({ targets }) => targets.map(({ id }) => id));

  return {
    clock,
    samples,
    plane,
    loadBalancing,
    close,
    call,
    createLoadBalancer,
    createTargetGroup,
    createListener,
    rulesOf,
    healthOf,
    forwarding,
    weightsOn,
    targetsOn,
  };
}

/** A load balancer whose port 80 forwards to blue (100) and green (0). */
export async function blueGreen(options: Partial<Elbv2Options> = {}) {
  const elb = elbv2(options);
  const loadBalancerArn = await elb.createLoadBalancer();
  const blue = await elb.createTargetGroup('blue');
  const green = await elb.createTargetGroup('green');
  const listenerArn = await elb.createListener(loadBalancerArn, 80, [weighted({ [blue]: 100, [green]: 0 })]);
  const [rule] = await elb.rulesOf(listenerArn);
  return { ...elb, loadBalancerArn, blue, green, listenerArn, defaultRuleArn: rule!.RuleArn! };
}

export function weighted(weights: Record<string, number>, stickySeconds?: number) {
  return {
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: Object.entries(weights).map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })),
      TargetGroupStickinessConfig:
        stickySeconds === undefined ? { Enabled: false } : { Enabled: true, DurationSeconds: stickySeconds },
    },
  };
}

/** An AwsError of this code. */
export function refusal(code: string, message = '') {
  return expect.objectContaining({ code, message: expect.stringContaining(message) });
}
