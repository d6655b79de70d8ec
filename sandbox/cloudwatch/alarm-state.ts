import type { ComparisonOperator, StateValue } from '@aws-sdk/client-cloudwatch';

export interface Threshold {
  readonly comparison: ComparisonOperator;
  readonly threshold: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: 'breaching' | 'notBreaching' | 'ignore' | 'missing';
}

const comparisons: Readonly<
  Record<string, readonly [breaches: (value: number, limit: number) => boolean, words: string]>
> = {
  GreaterThanThreshold: [(value, limit) => value > limit, 'greater than'],
  GreaterThanOrEqualToThreshold: [(value, limit) => value >= limit, 'greater than or equal to'],
  LessThanThreshold: [(value, limit) => value < limit, 'less than'],
  LessThanOrEqualToThreshold: [(value, limit) => value <= limit, 'less than or equal to'],
};

/** The operators with a threshold. Anomaly detection bands are not evaluated. */
export const COMPARISONS: readonly string[] = Object.keys(comparisons);

/**
 * Evaluates a metric alarm once. AWS reads more periods than it evaluates, so that late points do
 * not count as missing: the newest existing points decide, and `treatMissingData` fills the rest
 * only when there are too few.
 * @param points newest last; `null` for a period without a point.
 * @returns `null` when the state does not change.
 */
export function judgeAlarm(
  points: readonly (number | null)[],
  alarm: Threshold,
): { state: StateValue; reason: string } | null {
  const { threshold, datapointsToAlarm, treatMissingData } = alarm;
  const [breaches, words] = comparisons[alarm.comparison]!;
  const known = points.filter((point) => point !== null).slice(-alarm.evaluationPeriods);
  const missing = alarm.evaluationPeriods - known.length;
  const breaching = known.filter((point) => breaches(point, threshold)).length;

  const counted = breaching + (treatMissingData === 'breaching' ? missing : 0);
  const fine = known.length - breaching + (treatMissingData === 'notBreaching' ? missing : 0);
  const tell = (count: number, not: string) =>
    `Threshold Crossed: ${count} out of the last ${alarm.evaluationPeriods} datapoints [${known.toReversed().join(', ')}] ` +
    `${count === 1 ? 'was' : 'were'} ${not}${words} the threshold (${threshold}) ` +
    `(minimum ${datapointsToAlarm} ${datapointsToAlarm === 1 ? 'datapoint' : 'datapoints'} for OK -> ALARM transition).`;

  if (counted >= datapointsToAlarm) return { state: 'ALARM', reason: tell(counted, '') };
  if (fine > alarm.evaluationPeriods - datapointsToAlarm) return { state: 'OK', reason: tell(fine, 'not ') };
  if (treatMissingData === 'ignore') return null;
  if (known.length > 0) {
    // With too few points, as on AWS: ALARM when all are breaching and the oldest is at least
    // datapointsToAlarm periods old.
    const oldest = points.length - points.findIndex((point) => point !== null);
    const premature = breaching === known.length && oldest >= datapointsToAlarm;
    return premature
      ? { state: 'ALARM', reason: tell(breaching, '') }
      : { state: 'OK', reason: tell(known.length - breaching, 'not ') };
  }
  return {
    state: 'INSUFFICIENT_DATA',
    reason: `Insufficient Data: ${missing} ${missing === 1 ? 'datapoint was' : 'datapoints were'} unknown.`,
  };
}
