import type { Milliseconds } from '../../src/core/time/clock.ts';
import { NO_METRIC_FAULT } from './metric-fault.ts';
import type { MetricFault } from './metric-fault.ts';

export type { MetricFault } from './metric-fault.ts';

/** An injected fault, which affects the next `times` calls of an operation. */
export interface Fault {
  /** The service in the name of the SDK's package (client-`ecs`); `*` for all. */
  readonly service: string;
  /** `UpdateService`; `*` for all. */
  readonly operation: string;
  /**
   * The error code; `null` for no error. `AccessDeniedException` without a message gets AWS's
   * message.
   */
  readonly error: string | null;
  readonly message: string | null;
  readonly status: number;
  /** The number of calls that it affects; `null` for all. */
  readonly times: number | null;
  /** The number of calls to skip first. */
  readonly after: number;
  /** Delay of the call. */
  readonly delay: Milliseconds;
  /** Closes the connection before or after the operation; `null` for neither. */
  readonly drop: 'before' | 'after' | null;
  /** Wrong data for a read of CloudWatch's metrics; `null` for correct data. */
  readonly metrics: MetricFault | null;
}

export interface Faults {
  /** Parses and adds faults. Throws FaultMistake. */
  add(json: unknown): void;
  clear(): void;
  /** The remaining faults. */
  pending(): readonly Fault[];
  /** The fault for this call, if any, which counts as one of its `times`. */
  strike(service: string, operation: string): Fault | null;
}

/** The faults are invalid. The message says what is allowed. */
export class FaultMistake extends Error {
  override readonly name = 'FaultMistake';
}

/** `knows` returns whether an operation exists, so that a misspelt name is an error. */
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
  if (!isRecord(json)) throw new FaultMistake('A fault must be a JSON object.');
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
    throw new FaultMistake('A fault requires "service" and "operation"; "*" means all.');
  if (fault.error === null && fault.delay === 0 && fault.drop === null && fault.metrics === null)
    throw new FaultMistake('A fault requires "error", "delay", "drop" or "metrics".');
  if (fault.metrics && (fault.service !== 'cloudwatch' || !READS.includes(fault.operation)))
    throw new FaultMistake(`"metrics" is only allowed for ${READS.join(' and ')} of "cloudwatch".`);
  return { ...fault, service: fault.service, operation: fault.operation };
}

const READS: readonly string[] = ['GetMetricData', 'GetMetricStatistics'];

function metricFault(value: unknown): MetricFault | null {
  if (value === undefined) return null;
  if (!isRecord(value)) throw new FaultMistake('The "metrics" of a fault must be a JSON object.');
  const { late, growing, partial, ...others } = value;
  const [misspelt] = Object.keys(others);
  if (misspelt !== undefined) throw new FaultMistake(`The "metrics" of a fault have no "${misspelt}".`);
  if (partial !== undefined && typeof partial !== 'boolean')
    throw new FaultMistake('The "metrics.partial" of a fault must be true or false.');
  const fault = {
    ...NO_METRIC_FAULT,
    late: count('metrics.late', late, 1) ?? 0,
    growing: count('metrics.growing', growing, 1) ?? 0,
    partial: partial ?? false,
  };
  if (fault.late === 0 && fault.growing === 0 && !fault.partial)
    throw new FaultMistake('The "metrics" of a fault require "late", "growing" or "partial".');
  return fault;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(name: string, value: unknown): string | null {
  if (value === undefined) return null;
  if (typeof value !== 'string' || value === '')
    throw new FaultMistake(`The "${name}" of a fault must be a string.`);
  return value;
}

function count(name: string, value: unknown, least: number): number | null {
  if (value === undefined) return null;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least)
    throw new FaultMistake(`The "${name}" of a fault must be an integer of at least ${least}.`);
  return value;
}

function moment(value: unknown): Fault['drop'] {
  if (value === undefined) return null;
  if (value !== 'before' && value !== 'after')
    throw new FaultMistake('The "drop" of a fault must be "before" or "after".');
  return value;
}
