import { SECOND, type Clock } from '../../src/time/clock.ts';
import { metricDimensions } from '../elbv2/metric-dimensions.ts';
import type { DataPlane, ForwardAction, ListenerRouting, MetricSink, Target } from '../ports.ts';
import type { Behaviour } from './behaviour.ts';

/** How the users of a simulation fared. */
export interface Tally {
  readonly requests: number;
  readonly failed: number;
}

export interface SimulatedTraffic extends DataPlane {
  /** By target group ARN; requests that no target group took count under ''. */
  readonly tallies: ReadonlyMap<string, Tally>;
}

/** Users that only exist on a clock: `rate` requests a second to one port, spread by the weights of its listener's default rule. */
export function createSimulatedTraffic(options: {
  readonly clock: Clock;
  readonly random: () => number;
  readonly metrics: MetricSink;
  readonly at: (target: Pick<Target, 'id'>) => Behaviour | null;
  readonly port: number;
  readonly rate: number;
}): SimulatedTraffic {
  const { clock, random, metrics, port, rate } = options;
  const tallies = new Map<string, Tally>();
  let listener: ListenerRouting | undefined;
  let cancel = clock.after(SECOND, second);

  function second(): void {
    cancel = clock.after(SECOND, second);
    const action = listener?.rules.at(-1)?.action;
    if (!listener || action?.kind !== 'forward') return;
    for (let request = 0; request < rate; request++) ask(listener.loadBalancerArn, action);
  }

  function ask(loadBalancerArn: string, { groups }: ForwardAction): void {
    const all = groups.reduce((sum, group) => sum + group.weight, 0);
    let point = random() * all;
    const group = groups.find(({ weight }) => (point -= weight) < 0);
    if (!group?.targets.length) return count('', false);
    const target = group.targets[Math.floor(random() * group.targets.length)]!;
    const behaviour = options.at(target);
    const balanced = metricDimensions(loadBalancerArn, group.targetGroupArn);
    const record = (metric: string, value: number, unit: 'Count' | 'Seconds') =>
      metrics.record({
        namespace: 'AWS/ApplicationELB',
        metric,
        dimensions: [balanced],
        at: clock.now(),
        value,
        unit,
      });
    record('RequestCount', 1, 'Count');
    if (behaviour === null) return count(group.targetGroupArn, false);
    const ok = random() >= behaviour.errorRate;
    record(ok ? 'HTTPCode_Target_2XX_Count' : 'HTTPCode_Target_5XX_Count', 1, 'Count');
    record('TargetResponseTime', behaviour.medianSeconds * spread(random), 'Seconds');
    count(group.targetGroupArn, ok);
  }

  function count(targetGroupArn: string, ok: boolean): void {
    const { requests, failed } = tallies.get(targetGroupArn) ?? { requests: 0, failed: 0 };
    tallies.set(targetGroupArn, { requests: requests + 1, failed: failed + (ok ? 0 : 1) });
  }

  return {
    tallies,
    async apply(listeners) {
      listener = listeners.find((candidate) => candidate.port === port);
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

/** Log-normal around 1, as times of answers are (Box-Muller). */
function spread(random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.exp(0.4 * normal);
}
