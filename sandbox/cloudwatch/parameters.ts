import type { Dimension } from '@aws-sdk/client-cloudwatch';
import { SECOND } from '../../src/core/time/clock.ts';
import type { Milliseconds } from '../../src/core/time/clock.ts';
import { AwsError } from '../wire/service.ts';
import type { Range } from './line.ts';
import type { Dimensions } from './metric-store.ts';
import { parseStatistic } from './statistics.ts';
import type { Statistic } from './statistics.ts';

/** Parameters of several operations. Each function throws an AwsError that names the parameter. */

export function required<T>(value: T | undefined, parameter: string): T {
  if (value === undefined || value === '') {
    throw new AwsError('MissingParameter', `The parameter ${parameter} is required.`);
  }
  return value;
}

/** AWS allows periods of 1, 5, 10, 20 or 30 seconds, or whole minutes. */
export function period(seconds: number | undefined, parameter: string): Milliseconds {
  const length = required(seconds, parameter);
  if (![1, 5, 10, 20, 30].includes(length) && !(length > 0 && length % 60 === 0)) {
    throw new AwsError(
      'ValidationError',
      `The value ${length} for parameter ${parameter} is not valid: a period is 1, 5, 10, 20, 30 or a multiple of 60 seconds.`,
    );
  }
  return length * SECOND;
}

/** `wrong` is the error for a range of no whole second, and gets its length in seconds. */
export function range(
  start: Date | undefined,
  end: Date | undefined,
  wrong: (seconds: number) => AwsError,
): Range {
  const [first, last] = [required(start, 'StartTime').getTime(), required(end, 'EndTime').getTime()];
  // CloudWatch compares whole seconds.
  const seconds = Math.floor(last / SECOND) - Math.floor(first / SECOND);
  if (seconds <= 0) throw wrong(seconds);
  return { start: first, end: last };
}

export function statistic(text: string | undefined, parameter: string): Statistic {
  const parsed = parseStatistic(required(text, parameter));
  if (parsed) return parsed;
  throw new AwsError('ValidationError', `The value ${text} for parameter ${parameter} is not supported.`);
}

export function dimensions(list: readonly Dimension[] | undefined): Dimensions {
  return Object.fromEntries(
    (list ?? []).map((dimension, i) => [
      required(dimension.Name, `Dimensions.member.${i + 1}.Name`),
      required(dimension.Value, `Dimensions.member.${i + 1}.Value`),
    ]),
  );
}
