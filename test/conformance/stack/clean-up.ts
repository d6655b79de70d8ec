import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand as ListTagsOfAlarm,
} from '@aws-sdk/client-cloudwatch';
import {
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand as ListTagsOfLogGroup,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteRepositoryCommand,
  DescribeRepositoriesCommand,
  ListTagsForResourceCommand as ListTagsOfRepository,
} from '@aws-sdk/client-ecr';
import {
  DeleteClusterCommand,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  ListClustersCommand,
  ListServicesCommand,
  ListTagsForResourceCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTaskDefinitionsCommand,
} from '@aws-sdk/client-ecs';
import {
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { MINUTE, SECOND, sleep, type Clock } from '../../../src/core/time/clock.ts';
import type { Aws } from '../aws.ts';
import type { Mark } from '../mark.ts';
import { ownGround } from './ground.ts';
import type { Leftover } from './leftover.ts';

/**
 * Everything with the prefix and the tag, in the order in which it can be removed. Reads AWS, so
 * that it also finds what a killed run left.
 */
export async function leftovers(aws: Aws, mark: Mark, withGround: boolean): Promise<readonly Leftover[]> {
  return [
    ...(await services(aws, mark)),
    ...(await balancers(aws, mark)),
    ...(await targetGroups(aws, mark)),
    ...(await taskDefinitions(aws, mark)),
    ...(await clusters(aws, mark)),
    ...(await others(aws, mark)),
    ...(withGround ? await ownGround(aws, mark) : []),
  ];
}

const PATIENCE = 10 * MINUTE;

/**
 * Removes everything. Repeats this for up to 10 minutes, because resources may be in use or
 * draining. Returns what could not be removed.
 */
export async function cleanUp(
  { aws, mark, clock, withGround }: { aws: Aws; mark: Mark; clock: Clock; withGround: boolean },
  onProgress: (line: string) => void,
): Promise<readonly string[]> {
  const end = clock.now() + PATIENCE;
  const reported = new Set<string>();
  for (;;) {
    const left = await leftovers(aws, mark, withGround);
    if (left.length === 0) return [];
    const problems: string[] = [];
    for (const { what, remove } of left) {
      try {
        await remove();
        if (!reported.has(what)) onProgress(`removed ${what}`);
        reported.add(what);
      } catch (error) {
        problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (clock.now() > end) return problems.length > 0 ? problems : left.map(({ what }) => what);
    await sleep(clock, 5 * SECOND);
  }
}

async function clusters({ ecs }: Aws, { key, value }: Mark): Promise<readonly Leftover[]> {
  return (await markedClusters({ ecs }, { key, value })).map((cluster) => ({
    what: `cluster ${cluster}`,
    remove: () => ecs.send(new DeleteClusterCommand({ cluster })),
  }));
}

async function markedClusters({ ecs }: Pick<Aws, 'ecs'>, { key, value }: Mark): Promise<readonly string[]> {
  const found: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await ecs.send(new ListClustersCommand({ nextToken }));
    const own = page.clusterArns!.filter((arn) => arn.split('/').at(-1)!.startsWith(value));
    if (own.length > 0) {
      const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: own, include: ['TAGS'] }));
      for (const { clusterName, status, tags } of clusters!)
        if (status === 'ACTIVE' && tags!.some((tag) => tag.key === key && tag.value === value))
          found.push(clusterName!);
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}

async function services({ ecs }: Aws, mark: Mark): Promise<readonly Leftover[]> {
  const found: Leftover[] = [];
  for (const cluster of await markedClusters({ ecs }, mark)) {
    const { serviceArns } = await ecs.send(new ListServicesCommand({ cluster, maxResults: 100 }));
    for (const service of serviceArns!) {
      const { services } = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
      const { status } = services![0]!;
      found.push({
        what: `service ${service.split('/').slice(-2).join('/')}`,
        remove: async () =>
          status === 'ACTIVE' && ecs.send(new DeleteServiceCommand({ cluster, service, force: true })),
      });
    }
  }
  return found;
}

async function taskDefinitions({ ecs }: Aws, { key, value }: Mark): Promise<readonly Leftover[]> {
  const { families } = await ecs.send(
    new ListTaskDefinitionFamiliesCommand({ familyPrefix: value, status: 'ACTIVE' }),
  );
  const found: Leftover[] = [];
  for (const familyPrefix of families!) {
    const { taskDefinitionArns } = await ecs.send(
      new ListTaskDefinitionsCommand({ familyPrefix, status: 'ACTIVE' }),
    );
    for (const taskDefinition of taskDefinitionArns!) {
      const { tags } = await ecs.send(new ListTagsForResourceCommand({ resourceArn: taskDefinition }));
      if (!tags!.some((tag) => tag.key === key && tag.value === value)) continue;
      found.push({
        what: `task definition ${taskDefinition.split('/')[1]}`,
        remove: () => ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition })),
      });
    }
  }
  return found;
}

async function balancers({ elb }: Aws, mark: Mark): Promise<readonly Leftover[]> {
  const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({}));
  const own = LoadBalancers!.filter(({ LoadBalancerName }) => LoadBalancerName!.startsWith(mark.value));
  const arns = await marked(
    elb,
    own.map(({ LoadBalancerArn }) => LoadBalancerArn!),
    mark,
  );
  return arns.map((LoadBalancerArn) => ({
    what: `load balancer ${LoadBalancerArn.split('/').at(-2)}`,
    remove: () => elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn })),
  }));
}

async function targetGroups({ elb }: Aws, mark: Mark): Promise<readonly Leftover[]> {
  const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({}));
  const own = TargetGroups!.filter(({ TargetGroupName }) => TargetGroupName!.startsWith(mark.value));
  const arns = await marked(
    elb,
    own.map(({ TargetGroupArn }) => TargetGroupArn!),
    mark,
  );
  return arns.map((TargetGroupArn) => ({
    what: `target group ${TargetGroupArn.split('/').at(-2)}`,
    remove: () => elb.send(new DeleteTargetGroupCommand({ TargetGroupArn })),
  }));
}

/** AWS returns the tags of at most twenty resources at once. */
async function marked(
  elb: Aws['elb'],
  arns: readonly string[],
  { key, value }: Mark,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (let from = 0; from < arns.length; from += 20) {
    const { TagDescriptions } = await elb.send(
      new DescribeTagsCommand({ ResourceArns: arns.slice(from, from + 20) }),
    );
    for (const { ResourceArn, Tags } of TagDescriptions!)
      if (Tags!.some((tag) => tag.Key === key && tag.Value === value)) found.push(ResourceArn!);
  }
  return found;
}

async function others({ logs, ecr, cloudWatch }: Aws, { key, value }: Mark): Promise<readonly Leftover[]> {
  const found: Leftover[] = [];
  const isMarked = (tags: readonly { Key?: string; Value?: string }[] = []) =>
    tags.some((tag) => tag.Key === key && tag.Value === value);
  for (const logGroupNamePrefix of [`/${value}`, `${value}-`]) {
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix }));
    for (const { logGroupName, logGroupArn } of logGroups!) {
      const { tags } = await logs.send(new ListTagsOfLogGroup({ resourceArn: logGroupArn }));
      if (tags?.[key] !== value) continue;
      found.push({
        what: `log group ${logGroupName}`,
        remove: () => logs.send(new DeleteLogGroupCommand({ logGroupName })),
      });
    }
  }
  const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ maxResults: 1000 }));
  for (const { repositoryName, repositoryArn } of repositories!) {
    if (!repositoryName!.startsWith(`${value}-`)) continue;
    const { tags } = await ecr.send(new ListTagsOfRepository({ resourceArn: repositoryArn }));
    if (!isMarked(tags)) continue;
    found.push({
      what: `repository ${repositoryName}`,
      remove: () => ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true })),
    });
  }
  const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch.send(
    new DescribeAlarmsCommand({
      AlarmNamePrefix: `${value}-`,
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
    }),
  );
  for (const { AlarmName, AlarmArn } of [...CompositeAlarms, ...MetricAlarms]) {
    const { Tags } = await cloudWatch.send(new ListTagsOfAlarm({ ResourceARN: AlarmArn }));
    if (!isMarked(Tags)) continue;
    found.push({
      what: `alarm ${AlarmName}`,
      remove: () => cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName!] })),
    });
  }
  return found;
}
