import {
  DescribeContainerInstancesCommand,
  type ContainerInstance,
  type ECSClient,
} from '@aws-sdk/client-ecs';
import { failureKind, mayPass } from '../../aws/errors.ts';
import { tasksOf } from '../../aws/ecs/tasks.ts';
import type { ServiceRef } from '../../core/service-ref.ts';
import { cachedRead } from '../../core/time/cached-read.ts';
import type { Clock } from '../../core/time/clock.ts';
import { tasksOnLostHosts, type TakenTask } from './taken-tasks.ts';

export interface HostReaderOptions {
  readonly ecs: ECSClient;
  readonly service: ServiceRef;
  readonly clock: Clock;
}

/** DescribeContainerInstances allows this many per call. */
const AT_ONCE = 100;

/**
 * Reads which tasks of a revision are on hosts that are going or gone. On Fargate there are no hosts
 * to read, and a role may not be allowed to read them: the result is then empty. Rejects when AWS
 * does not answer.
 */
export function createHostReader({
  ecs,
  service,
  clock,
}: HostReaderOptions): (taskDefinitionArn: string, anew: boolean) => Promise<readonly TakenTask[]> {
  let isDenied = false;

  async function read() {
    const tasks = await tasksOf(ecs, service, 'RUNNING');
    const arns = [...new Set(tasks.flatMap(({ containerInstanceArn }) => containerInstanceArn ?? []))];
    return { tasks, hosts: arns.length === 0 ? [] : await describeHosts(arns.slice(0, AT_ONCE)) };
  }

  async function describeHosts(containerInstances: string[]): Promise<readonly ContainerInstance[]> {
    try {
      const { cluster } = service;
      const answer = await ecs.send(new DescribeContainerInstancesCommand({ cluster, containerInstances }));
      return answer.containerInstances ?? [];
    } catch (error) {
      if (failureKind(error) !== 'denied') throw error;
      isDenied = true;
      return [];
    }
  }

  const cached = cachedRead(clock, read, { mayPass });
  return async (taskDefinitionArn, anew) => {
    if (isDenied) return [];
    const { tasks, hosts } = await cached(anew);
    const ofRevision = tasks.filter((task) => task.taskDefinitionArn === taskDefinitionArn);
    return tasksOnLostHosts(ofRevision, hosts, clock.now());
  };
}
