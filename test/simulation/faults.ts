// Applies a trial's plan of faults to the calls between a job and the simulated AWS.
/* oxlint-disable typescript/no-unsafe-type-assertion -- inputs and outputs of the sandbox's operations, of the shapes in the SDK's types */
import type { Fault, Faults } from '../../sandbox/faults/faults.ts';
import type { Operation, Service } from '../../sandbox/wire/service.ts';
import type { Clock } from '../../src/core/time/clock.ts';
import type { Chance } from './chance.ts';
import type { MetricsPlan, Trouble, FaultPlan } from './trial.ts';
import type { Span } from './span.ts';

/** There are no faults before `begin`. */
export interface Conditions {
  readonly faults: Faults;
  /** The same faults, for a run that in addition cannot reach AWS during `span`. */
  readonly cutOff: (span: Span | null) => Faults;
  /** Makes a service's answers stale or incomplete, as planned. */
  readonly disturb: (service: Service) => Service;
  /** Starts the faults. The times of the plan count from now. */
  begin(): void;
  /** Ends all faults. */
  end(): void;
}

export function createConditions(
  { faultPlan, metrics }: { readonly faultPlan: FaultPlan; readonly metrics: MetricsPlan },
  chance: Chance,
  clock: () => Clock,
): Conditions {
  let began: number | null = null;
  const elapsed = () => (began === null ? -1 : clock().now() - began);
  const during = (span: { from: number; to: number } | null) =>
    span !== null && elapsed() >= span.from && elapsed() < span.to;

  function troubleOf(service: string, operation: string): Fault | null {
    if (began === null) return null;
    const fault = (different: Partial<Fault>): Fault => ({ ...NOTHING, service, operation, ...different });
    if (during(faultPlan.expired))
      return fault({ error: service.startsWith('elastic') ? 'ExpiredToken' : 'ExpiredTokenException' });
    if (service === 'ecs' && READ.test(operation) && during(faultPlan.unreadable)) {
      return fault({ error: 'ServerException', status: 500 });
    }
    const { outage } = faultPlan;
    if (during(outage) && (outage!.service === '*' || outage!.service === service)) {
      return fault(faultOf(outage!.trouble, chance));
    }
    if (!chance.happens(faultPlan.noise)) return null;
    return fault(faultOf(chance.oneOf(...TROUBLES), chance));
  }

  const lastAnswers = new Map<string, { readonly at: number; readonly output: unknown }>();

  /** Simulates eventual consistency: an answer may be some seconds old. */
  function lagging(name: string, run: Operation): Operation {
    if (!STALE.has(name) || (faultPlan.stale === 0 && !faultPlan.laggingWeight)) return run;
    return async (input, caller) => {
      const output = await run(input, caller);
      if (began === null) return output;
      const key = `${name} ${JSON.stringify(input)}`;
      const before = lastAnswers.get(key);
      const isRecent = before !== undefined && clock().now() - before.at <= faultPlan.staleness;
      if (isRecent && chance.happens(faultPlan.stale)) return before.output;
      const shown = faultPlan.laggingWeight && isRecent ? withWeightOf(before.output, output) : output;
      lastAnswers.set(key, { at: clock().now(), output: structuredClone(output) });
      return shown;
    };
  }

  function withHoles(run: Operation): Operation {
    if (metrics.partial === 0 && metrics.missing === 'none') return run;
    return async (input, caller) => {
      const output = (await run(input, caller)) as { MetricDataResults?: Series[] };
      if (began === null) return output;
      const broken = chance.happens(metrics.partial);
      const results = (output.MetricDataResults ?? []).map((series) => {
        if (isMissing(series, metrics)) return { ...series, Timestamps: [], Values: [] };
        if (!broken || chance.happens(0.5)) return series;
        const kept = Math.floor(chance.random() * (series.Values?.length ?? 0));
        return {
          ...series,
          Timestamps: series.Timestamps?.slice(0, kept),
          Values: series.Values?.slice(0, kept),
          StatusCode: chance.oneOf('InternalError', 'PartialData'),
        };
      });
      return { ...output, MetricDataResults: results };
    };
  }

  const faults: Faults = { add() {}, clear() {}, pending: () => [], strike: troubleOf };
  return {
    faults,
    cutOff: (span) => ({
      ...faults,
      strike: (service, operation) =>
        during(span) ? { ...NOTHING, service, operation, drop: 'before' } : troubleOf(service, operation),
    }),
    disturb: ({ name, operations }) => ({
      name,
      operations: Object.fromEntries(
        Object.entries(operations).map(([operation, run]) => [
          operation,
          operation === 'GetMetricData' ? withHoles(run) : lagging(operation, run),
        ]),
      ),
    }),
    begin: () => void (began = clock().now()),
    end: () => void (began = null),
  };
}

const NOTHING: Omit<Fault, 'service' | 'operation'> = {
  error: null,
  message: null,
  status: 400,
  times: 1,
  after: 0,
  delay: 0,
  drop: null,
  metrics: null,
};

const TROUBLES: readonly Trouble[] = ['throttled', 'server error', 'reset before', 'reset after', 'slow'];

function faultOf(trouble: Trouble, chance: Chance): Partial<Fault> {
  switch (trouble) {
    case 'throttled':
      return { error: 'ThrottlingException', message: 'Rate exceeded' };
    case 'server error':
      return { error: 'ServerException', status: 500 };
    case 'reset before':
      return { drop: 'before' };
    case 'reset after':
      return { drop: 'after' };
    case 'slow':
      return { delay: chance.magnitude(100, 8_000) };
  }
}

const READ = /^(Describe|List)/;

/** Reads of ECS that are documented or known to be eventually consistent. */
const STALE = new Set([
  'DescribeServiceDeployments',
  'ListServiceDeployments',
  'DescribeServices',
  'DescribeServiceRevisions',
  'ListTasks',
  'DescribeTasks',
]);

interface Series {
  readonly Id?: string;
  readonly Timestamps?: Date[];
  readonly Values?: number[];
  readonly StatusCode?: string;
}

function isMissing({ Id = '' }: Series, { missing }: MetricsPlan): boolean {
  switch (missing) {
    case 'none':
      return false;
    case 'latency':
      return Id.includes('slow') || /^p\d/.test(Id);
    case 'canary':
      return Id.startsWith('canary_');
    case 'all':
      return true;
  }
}

interface Described {
  readonly serviceDeployments?: { targetServiceRevision?: { requestedProductionTrafficWeight?: number } }[];
}

function withWeightOf(before: unknown, now: unknown): unknown {
  const weight = (before as Described).serviceDeployments?.[0]?.targetServiceRevision
    ?.requestedProductionTrafficWeight;
  const [deployment, ...others] = (now as Described).serviceDeployments ?? [];
  if (weight === undefined || !deployment?.targetServiceRevision) return now;
  const targetServiceRevision = {
    ...deployment.targetServiceRevision,
    requestedProductionTrafficWeight: weight,
  };
  return { ...(now as object), serviceDeployments: [{ ...deployment, targetServiceRevision }, ...others] };
}
