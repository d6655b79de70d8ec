import { AwsError } from '../wire/service.ts';

/** Checks of several operations. Each throws a ValidationError that names the parameter. */

export function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

export function required<T>(value: T | undefined, parameter: string): T {
  const empty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  if (empty) {
    throw invalid(
      `1 validation error detected: Value null at '${parameter}' failed to satisfy constraint: Member must not be null`,
    );
  }
  return value;
}

export function integer(value: number, parameter: string, [least, most]: readonly [number, number]): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalid(`'${parameter}' must be a whole number from ${least} to ${most}, not '${value}'`);
}

/** @param kind "Load balancer", "Target group" */
export function resourceName(value: string | undefined, kind: string): string {
  const name = required(value, 'name');
  if (name.length > 32) throw invalid(`${kind} name '${name}' cannot be longer than '32' characters`);
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    throw invalid(
      `${kind} name '${name}' can only contain characters that are alphanumeric characters or hyphens(-)`,
    );
  }
  if (name.startsWith('-') || name.endsWith('-')) {
    throw invalid(`${kind} name '${name}' cannot begin or end with a hyphen`);
  }
  return name;
}

/** The marker is the number of previous entries. */
export function page<T>(
  items: readonly T[],
  { Marker = '0', PageSize = 400 }: { readonly Marker?: string; readonly PageSize?: number },
): { shown: T[]; NextMarker: string | undefined } {
  if (!/^\d+$/.test(Marker)) throw invalid(`Invalid marker '${Marker}'`);
  const first = Number(Marker);
  const end = first + integer(PageSize, 'PageSize', [1, 400]);
  return { shown: items.slice(first, end), NextMarker: items.length > end ? String(end) : undefined };
}
