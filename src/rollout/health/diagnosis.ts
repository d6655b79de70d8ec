import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTaskDefinitionCommand, type ECSClient } from '@aws-sdk/client-ecs';
import { readServiceEvents } from '../../aws/ecs/service-events.ts';
import { nameOfArn, withNames } from '../../core/arn.ts';
import type { Diagnosed, StoppedTask } from '../../core/trail/event.ts';
import type { ServiceRef } from '../../core/service-ref.ts';

const EVENTS = 10;
const TASKS = 5;
const LOG_LINES = 30;

export interface DiagnosisOptions {
  readonly ecs: ECSClient;
  /** `null`: the log stream is named, and its lines are not read. */
  readonly logs: (() => Promise<CloudWatchLogsClient>) | null;
  readonly service: ServiceRef;
  readonly taskDefinitionArn: string;
  readonly since: number;
  readonly stoppedTasks: readonly StoppedTask[];
}

/**
 * What a person would check first after a failure. Values that cannot be read are omitted, so a
 * diagnosis never fails.
 */
export async function diagnose(options: DiagnosisOptions): Promise<Diagnosed> {
  const [events, log] = await Promise.all([
    eventsOf(options).catch(() => []),
    logOf(options).catch(() => null),
  ]);
  return {
    kind: 'diagnosed',
    serviceEvents: events,
    stoppedTasks: options.stoppedTasks.slice(0, TASKS),
    log,
  };
}

async function eventsOf({ ecs, service, since }: DiagnosisOptions): Promise<Diagnosed['serviceEvents']> {
  return (await readServiceEvents(ecs, service))
    .map((event) => ({ at: event.createdAt?.getTime() ?? 0, message: withNames(event.message ?? '') }))
    .filter((event) => event.at >= since)
    .slice(0, EVENTS)
    .toReversed();
}

/**
 * The last log lines of the failed container, if its task definition sends them to CloudWatch Logs.
 */
async function logOf(options: DiagnosisOptions): Promise<Diagnosed['log']> {
  const task = options.stoppedTasks[0];
  const failed = task?.containers.find(
    (container) => container.exitCode !== null && container.exitCode !== 0,
  );
  if (!task || !failed) return null;
  const described = await options.ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: options.taskDefinitionArn }),
  );
  const container = described.taskDefinition?.containerDefinitions?.find(({ name }) => name === failed.name);
  const configuration = container?.logConfiguration;
  const group = configuration?.options?.['awslogs-group'];
  const prefix = configuration?.options?.['awslogs-stream-prefix'];
  if (configuration?.logDriver !== 'awslogs' || !group || !prefix) return null;
  const stream = `${prefix}/${failed.name}/${nameOfArn(task.taskArn)}`;
  const source = `${group}: ${stream}`;
  if (options.logs === null) return { source, lines: [], group, stream };
  const { GetLogEventsCommand } = await import('../../aws/sdk/cloudwatch-logs.ts');
  const logs = await options.logs();
  const answer = await logs.send(
    new GetLogEventsCommand({
      logGroupName: group,
      logStreamName: stream,
      limit: LOG_LINES,
      startFromHead: false,
    }),
  );
  const lines = (answer.events ?? []).map((event) => event.message ?? '');
  return lines.length > 0 ? { source, lines, group, stream } : null;
}
