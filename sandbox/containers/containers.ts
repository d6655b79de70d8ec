import type { NetworkInspectInfo } from 'dockerode';
import type { LogSink, TaskRunner } from '../ports.ts';
import { connect } from './connection.ts';
import type { CredentialsFor } from './image.ts';
import { removeContainers, removeNetworks } from './leftovers.ts';
import { SANDBOX_LABEL } from './labels.ts';
import { serveMetadata } from './metadata.ts';
import { startTask, type Place, type RunningTask } from './task.ts';

export interface ContainersOptions {
  /** unix:///var/run/docker.sock or tcp://127.0.0.1:2375 */
  readonly dockerHost: string;
  readonly logs: LogSink;
  /** What a registry wants to know before it gives its images; null: nothing. */
  readonly credentialsFor: CredentialsFor;
  /**
   * Begins the name of everything that is made here. What an earlier run with the same prefix left behind is removed before
   * the first task starts, so two sandboxes on one engine need two prefixes.
   */
  readonly namePrefix: string;
}

/** Runs tasks as containers of a Docker engine, the way the ECS agent does. */
export function createContainers(options: ContainersOptions): TaskRunner {
  const { dockerHost, logs, credentialsFor, namePrefix } = options;
  const docker = connect(dockerHost);
  const tasks = new Map<string, RunningTask>();
  const prepare = async (): Promise<Place> => {
    await removeContainers(docker, namePrefix);
    await removeNetworks(docker, namePrefix);
    const network = await docker.createNetwork({
      Name: namePrefix,
      Driver: 'bridge',
      Labels: { [SANDBOX_LABEL]: namePrefix },
    });
    const { IPAM }: NetworkInspectInfo = await network.inspect();
    const metadata = await serveMetadata(IPAM?.Config?.[0]?.['Gateway'] ?? '127.0.0.1');
    return { network: namePrefix, metadata };
  };
  const place = prepare();
  // Every task that needs the network tells why there is none.
  place.catch(() => {});

  return {
    start(task, reports) {
      const running = startTask({ docker, place, logs, credentialsFor, namePrefix }, task, reports);
      tasks.set(task.taskArn, running);
      void running.ended.then(() => tasks.delete(task.taskArn));
    },
    stop(taskArn) {
      tasks.get(taskArn)?.stop();
    },
    async close() {
      const [prepared] = await Promise.allSettled([place]);
      const ended = [...tasks.values()].map((task) => {
        task.stop();
        return task.ended;
      });
      // Nobody waits for a gentle end any more; and a task that was just being started makes one more container.
      await removeContainers(docker, namePrefix);
      await Promise.all(ended);
      await removeContainers(docker, namePrefix);
      await removeNetworks(docker, namePrefix);
      if (prepared.status === 'fulfilled') prepared.value.metadata.close();
    },
  };
}
