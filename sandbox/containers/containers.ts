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
  /** Credentials for a registry; `null` when it requires none. */
  readonly credentialsFor: CredentialsFor;
  /**
   * Prefix of all names. The leftovers of earlier runs with the same prefix are removed before the
   * first task starts, so two sandboxes on one engine require two prefixes.
   */
  readonly namePrefix: string;
}

/** Runs tasks as containers of a Docker engine, like the ECS agent. */
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
  // Every task that requires the network reports why it is missing.
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
    vanish(taskArn) {
      tasks.get(taskArn)?.vanish();
    },
    async close() {
      const [prepared] = await Promise.allSettled([place]);
      const ended = [...tasks.values()].map((task) => {
        task.stop();
        return task.ended;
      });
      // No more graceful stops. A task that is just starting may still create a container.
      await removeContainers(docker, namePrefix);
      await Promise.all(ended);
      await removeContainers(docker, namePrefix);
      await removeNetworks(docker, namePrefix);
      if (prepared.status === 'fulfilled') prepared.value.metadata.close();
    },
  };
}
