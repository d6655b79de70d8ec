import { isObject } from '../../src/core/is-object.ts';
import type { MetricSink } from '../ports.ts';

type Sample = Parameters<MetricSink['record']>[0];

const UNITS: readonly Sample['unit'][] = ['Count', 'Seconds', 'Percent', 'Megabytes'];

/**
 * The metrics of a line in CloudWatch's embedded metric format, which the example's worker uses;
 * empty for other lines.
 */
export function embeddedMetrics(message: string): readonly Sample[] {
  const line = message.includes('"_aws"') ? parsed(message) : null;
  const told = line?.['_aws'];
  if (!line || !isObject(told) || typeof told['Timestamp'] !== 'number') return [];
  const at = told['Timestamp'];
  return listOf(told['CloudWatchMetrics']).flatMap(({ Namespace, Dimensions, Metrics }) => {
    if (typeof Namespace !== 'string') return [];
    const dimensions = dimensionsOf(line, Dimensions);
    return listOf(Metrics).flatMap(({ Name, Unit }) => {
      const unit = UNITS.find((known) => known === Unit) ?? 'None';
      const metric = String(Name);
      const values = [line[metric]].flat().filter((value) => typeof value === 'number');
      return values.map((value) => ({ namespace: Namespace, metric, dimensions, at, value, unit }));
    });
  });
}

/** Each set of dimension names with the values of the line. */
function dimensionsOf(line: Readonly<Record<string, unknown>>, sets: unknown): Record<string, string>[] {
  if (!Array.isArray(sets)) return [{}];
  return sets.map((names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, String(line[name])])),
  );
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function parsed(message: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(message);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
