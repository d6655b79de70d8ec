import { SECOND, type Clock, type Milliseconds } from '../../src/core/time/clock.ts';
import { metricDimensions } from '../elbv2/metric-dimensions.ts';
import type { DataPlane, ForwardAction, ListenerRouting, MetricSink, Target } from '../ports.ts';
import type { Behaviour } from './behaviour.ts';
import { binomial, spreadOver, type Random } from './chance.ts';
import { LATENCIES, LATENCY_SHARES } from './latency.ts';

/** The results of the users of a simulation. */
export interface Tally {
  readonly requests: number;
  readonly failed: number;
}

export interface SimulatedTraffic extends DataPlane {
  /** By target group ARN; `''` for requests without a target group. */
  readonly tallies: ReadonlyMap<string, Tally>;
  /** The times at which requests reached no task. */
  readonly unansweredAt: readonly number[];
}

export interface SimulatedTrafficOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: MetricSink;
  /** The behaviour of the task at an address now; `null` when there is none. */
  readonly at: (target: Target) => Behaviour | null;
  readonly port: number;
  /** Requests per second. */
  readonly rate: number;
  /** Interval of the batches of requests; default 1 s. */
  readonly every?: Milliseconds;
  /** Called after each change of the routing. */
  readonly routed?: () => void;
}

/**
 * Simulated users as request counts on a clock, distributed by the weights of the last forwarding
 * rule of the listener of one port.
 */
export function createSimulatedTraffic(options: SimulatedTrafficOptions): SimulatedTraffic {
  const { clock, random, metrics, port, rate, every = SECOND } = options;
  const tallies = new Map<string, Tally>();
  const unansweredAt: number[] = [];
  const dimensions = new Map<string, readonly [Readonly<Record<string, string>>]>();
  let listener: ListenerRouting | undefined;
  let owed = 0;
  let cancel = clock.after(every, ask);

  function ask(): void {
    cancel = clock.after(every, ask);
    const action = listener?.rules.map((rule) => rule.action).findLast(({ kind }) => kind === 'forward');
    if (!listener || action?.kind !== 'forward') return;
    owed += (rate * every) / SECOND;
    const requests = Math.floor(owed);
    owed -= requests;
    spread(requests, listener.loadBalancerArn, action);
  }

  function spread(requests: number, loadBalancerArn: string, { groups }: ForwardAction): void {
    const all = groups.reduce((sum, { weight }) => sum + weight, 0);
    if (all === 0) return lose(requests);
    const byGroup = spreadOver(
      random,
      requests,
      groups.map(({ weight }) => weight / all),
    );
    groups.forEach((group, index) => {
      const asked = byGroup[index]!;
      if (asked === 0) return;
      if (group.targets.length === 0) return lose(asked);
      const byTarget = spreadOver(
        random,
        asked,
        group.targets.map(() => 1 / group.targets.length),
      );
      const record = recorder(loadBalancerArn, group.targetGroupArn);
      group.targets.forEach((target, place) => {
        const failed = answer(byTarget[place]!, options.at(target), record);
        count(group.targetGroupArn, byTarget[place]!, failed);
      });
    });
  }

  function lose(requests: number): void {
    unansweredAt.push(clock.now());
    count('', requests, requests);
  }

  /** Returns how many of the requests failed. */
  function answer(requests: number, behaviour: Behaviour | null, record: Recorder): number {
    record('RequestCount', 1, requests);
    if (behaviour === null) {
      unansweredAt.push(clock.now());
      return requests;
    }
    const failed = binomial(random, requests, behaviour.errorRate);
    record('HTTPCode_Target_5XX_Count', 1, failed);
    record('HTTPCode_Target_2XX_Count', 1, requests - failed);
    const slow = binomial(random, requests, behaviour.slowShare);
    for (const [number, median] of [
      [requests - slow, behaviour.medianSeconds],
      [slow, 10 * behaviour.medianSeconds],
    ] as const) {
      spreadOver(random, number, LATENCY_SHARES).forEach((times, index) =>
        record('TargetResponseTime', median * LATENCIES[index]!.factor, times),
      );
    }
    return failed;
  }

  type Recorder = (metric: string, value: number, times: number) => void;

  function recorder(loadBalancerArn: string, targetGroupArn: string): Recorder {
    let own = dimensions.get(targetGroupArn);
    if (!own) dimensions.set(targetGroupArn, (own = [metricDimensions(loadBalancerArn, targetGroupArn)]));
    const at = clock.now();
    return (metric, value, times) => {
      if (times === 0) return;
      const unit = metric === 'TargetResponseTime' ? 'Seconds' : 'Count';
      metrics.record({
        namespace: 'AWS/ApplicationELB',
        metric,
        dimensions: own,
        at,
        value,
        count: times,
        unit,
      });
    };
  }

  function count(targetGroupArn: string, requests: number, failed: number): void {
    const before = tallies.get(targetGroupArn) ?? { requests: 0, failed: 0 };
    tallies.set(targetGroupArn, { requests: before.requests + requests, failed: before.failed + failed });
  }

  return {
    tallies,
    unansweredAt,
    async apply(listeners) {
      listener = listeners.find((candidate) => candidate.port === port);
      options.routed?.();
    },
    async probe(target: Target): Promise<{ readonly status: number } | { readonly problem: 'unreachable' }> {
      const behaviour = options.at(target);
      if (behaviour === null) return { problem: 'unreachable' };
      return { status: behaviour.healthy ? 200 : 500 };
    },
    async close() {
      cancel();
    },
  };
}
