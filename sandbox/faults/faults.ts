import type { Milliseconds } from '../../src/core/time/clock.ts';
import { NO_METRIC_FAULT } from './metric-fault.ts';
import type { MetricFault } from './metric-fault.ts';

export type { MetricFault } from './metric-fault.ts';

/** Something that goes wrong on purpose, the next `times` that an operation is called. */
export interface Fault {
  /** As in the SDK's package name: client-`ecs`; `*` for all. */
  readonly service: string;
  /** `UpdateService`; `*` for all. */
  readonly operation: string;
  /** The error's code; null: none. `AccessDeniedException` without a message is worded as AWS does. */
  readonly error: string | null;
  readonly message: string | null;
  readonly status: number;
  /** How many calls it strikes; null: all. */
  readonly times: number | null;
  /** How many calls it lets pass first. */
  readonly after: number;
  /** How long the call waits before anything else. */
  readonly delay: Milliseconds;
  /** The connection breaks, before the operation is done or after it; null: it does not. */
  readonly drop: 'before' | 'after' | null;
  /** Of a read of CloudWatch's metrics: what it is given is wrong; null: it is not. */
  readonly metrics: MetricFault | null;
}

export interface Faults {
  /** Reads and adds what a client sent. Throws FaultMistake. */
  add(json: unknown): void;
  clear(): void;
  /** What is still to strike. */
  pending(): readonly Fault[];
  /** The fault that strikes this call, if any: it counts as one of its `times`. */
  strike(service: string, operation: string): Fault | null;
}

/** The faults that were sent are not understood. The message says what was expected. */
export class FaultMistake extends Error {
  override readonly name = 'FaultMistake';
}

/** `knows` tells whether there is such an operation, so that a misspelt fault is an error and not one that never strikes. */
export function createFaults(knows: (service: string, operation: string) => boolean): Faults {
  let faults: Fault[] = [];
  return {
    add(json) {
      if (!Array.isArray(json)) throw new FaultMistake('Expected a JSON array of faults.');
      const added = json.map(readFault);
      for (const { service, operation } of added)
        if (!knows(service, operation))
          throw new FaultMistake(`There is no operation "${operation}" of a service "${service}".`);
      faults = [...faults, ...added];
    },
    clear() {
      faults = [];
    },
    pending: () => faults,
    strike(service, operation) {
      const index = faults.findIndex(
        (fault) => matches(fault.service, service) && matches(fault.operation, operation),
      );
      const fault = faults[index];
      if (!fault) return null;
      if (fault.after > 0) {
        faults = faults.with(index, { ...fault, after: fault.after - 1 });
        return null;
      }
      if (fault.times === 1) faults = faults.toSpliced(index, 1);
      else if (fault.times !== null) faults = faults.with(index, { ...fault, times: fault.times - 1 });
      return fault;
    },
  };
}

const matches = (pattern: string, name: string) => pattern === '*' || pattern === name;

function readFault(json: unknown): Fault {
  if (!isRecord(json)) throw new FaultMistake('A fault is a JSON object.');
  const { service, operation, error, message, status, times, after, delay, drop, metrics, ...others } = json;
  const [misspelt] = Object.keys(others);
  if (misspelt !== undefined) throw new FaultMistake(`A fault has no "${misspelt}".`);
  const fault = {
    service: text('service', service),
    operation: text('operation', operation),
    error: text('error', error),
    message: text('message', message),
    status: count('status', status, 400) ?? 400,
    times: count('times', times, 1),
    after: count('after', after, 0) ?? 0,
    delay: count('delay', delay, 0) ?? 0,
    drop: moment(drop),
    metrics: metricFault(metrics),
  };
  if (fault.service === null || fault.operation === null)
    throw new FaultMistake('A fault needs "service" and "operation"; "*" stands for all.');
  if (fault.error === null && fault.delay === 0 && fault.drop === null && fault.metrics === null)
    throw new FaultMistake('A fault needs "error", "delay", "drop" or "metrics": what is to go wrong?');
  if (fault.metrics && (fault.service !== 'cloudwatch' || !READS.includes(fault.operation)))
    throw new FaultMistake(`"metrics" is for ${READS.join(' and ')} of "cloudwatch".`);
  return { ...fault, service: fault.service, operation: fault.operation };
}

const READS: readonly string[] = ['GetMetricData', 'GetMetricStatistics'];

function metricFault(value: unknown): MetricFault | null {
  if (value === undefined) return null;
  if (!isRecord(value)) throw new FaultMistake('A fault\'s "metrics" is a JSON object.');
  const { late, growing, partial, ...others } = value;
  const [misspelt] = Object.keys(others);
  if (misspelt !== undefined) throw new FaultMistake(`A fault's "metrics" has no "${misspelt}".`);
  if (partial !== undefined && typeof partial !== 'boolean')
    throw new FaultMistake('A fault\'s "metrics.partial" is true or false.');
  const fault = {
    ...NO_METRIC_FAULT,
    late: count('metrics.late', late, 1) ?? 0,
    growing: count('metrics.growing', growing, 1) ?? 0,
    partial: partial ?? false,
  };
  if (fault.late === 0 && fault.growing === 0 && !fault.partial)
    throw new FaultMistake('A fault\'s "metrics" needs "late", "growing" or "partial".');
  return fault;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(name: string, value: unknown): string | null {
  if (value === undefined) return null;
  if (typeof value !== 'string' || value === '') throw new FaultMistake(`A fault's "${name}" is a string.`);
  return value;
}

function count(name: string, value: unknown, least: number): number | null {
  if (value === undefined) return null;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least)
    throw new FaultMistake(`A fault's "${name}" is a whole number of at least ${least}.`);
  return value;
}

function moment(value: unknown): Fault['drop'] {
  if (value === undefined) return null;
  if (value !== 'before' && value !== 'after')
    throw new FaultMistake('A fault\'s "drop" is "before" or "after".');
  return value;
}
