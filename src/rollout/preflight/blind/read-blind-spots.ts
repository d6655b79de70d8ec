import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { ScalingPolicy } from '@aws-sdk/client-application-auto-scaling';
import { allPages, inBatches } from '../../../aws/all-pages.ts';
import type { Clients } from '../../../aws/clients.ts';
import { nameOfArn } from '../../../core/arn.ts';
import { UserError } from '../../../core/failure.ts';
import type { Notice } from '../../../core/trail/event.ts';
import type { ServiceFacts } from '../../traffic/service-facts.ts';
import { blindSpots } from './blind-spots.ts';

/** DescribeAlarms allows this many names per call. */
const AT_ONCE = 100;

/**
 * Warnings about alarms and scaling policies that follow only one of the two target groups. What
 * the role may not read is one notice and hinders nothing.
 */
export async function blindSpotNotices(
  { name, cluster, routing }: Pick<ServiceFacts, 'name' | 'cluster' | 'routing'>,
  watched: readonly string[],
  clients: Pick<Clients, 'applicationAutoScaling' | 'cloudWatch'>,
): Promise<readonly Notice[]> {
  if (routing.kind !== 'two-groups') return [];
  const unread: string[] = [];
  const orNothing = <T>(read: Promise<readonly T[]>): Promise<readonly T[]> =>
    read.catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      unread.push(error.message);
      return [];
    });
  const policies = await orNothing(readPolicies(clients, `service/${nameOfArn(cluster)}/${name}`));
  // Target tracking creates its own alarms: the policy itself says what they watch.
  const stepping = policies.filter(({ PolicyType }) => PolicyType === 'StepScaling');
  const ofPolicies = stepping.flatMap(({ Alarms = [] }) =>
    Alarms.flatMap(({ AlarmName }) => AlarmName ?? []),
  );
  const alarms = await orNothing(readAlarms(clients, [...new Set([...watched, ...ofPolicies])]));
  const { targetGroups } = routing;
  return [
    ...blindSpots({ service: name, targetGroups, watched, alarms, policies }).map((message): Notice => ({
      kind: 'notice',
      level: 'warning',
      message,
    })),
    ...unread.map((reason): Notice => ({
      kind: 'notice',
      level: 'notice',
      message: `It is not known whether the service scales by the requests of one target group: ${reason}`,
    })),
  ];
}

async function readPolicies(
  { applicationAutoScaling }: Pick<Clients, 'applicationAutoScaling'>,
  ResourceId: string,
): Promise<readonly ScalingPolicy[]> {
  const { DescribeScalingPoliciesCommand } = await import('../../../aws/sdk/application-auto-scaling.ts');
  const client = await applicationAutoScaling();
  return allPages(async (NextToken) => {
    const page = await client.send(
      new DescribeScalingPoliciesCommand({
        ServiceNamespace: 'ecs',
        ResourceId,
        ScalableDimension: 'ecs:service:DesiredCount',
        ...(NextToken && { NextToken }),
      }),
    );
    return { items: page.ScalingPolicies ?? [], nextToken: page.NextToken };
  });
}

async function readAlarms(
  { cloudWatch }: Pick<Clients, 'cloudWatch'>,
  names: readonly string[],
): Promise<readonly MetricAlarm[]> {
  if (names.length === 0) return [];
  const { DescribeAlarmsCommand } = await import('../../../aws/sdk/cloudwatch.ts');
  const client = await cloudWatch();
  const answers = await Promise.all(
    inBatches(names, AT_ONCE).map((AlarmNames) =>
      client.send(
        new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: ['MetricAlarm'], MaxRecords: AT_ONCE }),
      ),
    ),
  );
  return answers.flatMap(({ MetricAlarms = [] }) => MetricAlarms);
}
