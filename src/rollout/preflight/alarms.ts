import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { lookAtAlarms } from '../health/alarms.ts';
import { UserError } from '../../core/failure.ts';

/** Names that do not exist are problems. Alarms that are already in ALARM only give a remark. */
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
        (name) =>
          `Alarm "${name}" is already in the state ALARM: ecs-ramp ignores it, so that a fix can be deployed.`,
      ),
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { problems: [error.message], remarks: [] };
  }
}
