import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { lookAtAlarms } from '../health/alarms.ts';
import { UserError } from '../../core/failure.ts';

/** Names that CloudWatch does not know are problems; alarms that fire already are only remarked. */
export async function checkAlarms(
  cloudWatch: CloudWatchClient,
  names: readonly string[],
): Promise<{ readonly problems: readonly string[]; readonly remarks: readonly string[] }> {
  if (names.length === 0) return { problems: [], remarks: [] };
  try {
    const { unknown, firingBefore } = await lookAtAlarms(cloudWatch, names, Infinity);
    return {
      problems: unknown.map((name) => `alarms: there is no CloudWatch alarm "${name}" in this region.`),
      remarks: firingBefore.map(
        (name) => `Alarm "${name}" fires already: it is ignored, or no fix could ever be deployed.`,
      ),
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { problems: [error.message], remarks: [] };
  }
}
