import type { ContainerCreateOptions } from 'dockerode';
import type { ContainerToRun, TaskToRun } from '../ports.ts';
import { SANDBOX_LABEL, TASK_LABEL } from './labels.ts';

const MIB = 1024 * 1024;

/**
 * The engine's options for a container. `owner`: the container of the task whose network it shares;
 * `null` for the first one.
 */
export function containerOptions(
  task: TaskToRun,
  container: ContainerToRun,
  place: {
    readonly namePrefix: string;
    readonly network: string;
    readonly owner: string | null;
    readonly metadataUri: string;
  },
): ContainerCreateOptions {
  const { namePrefix } = place;
  const taskId = task.taskArn.slice(task.taskArn.lastIndexOf('/') + 1);
  const published = task.networkMode === 'bridge' ? container.portMappings : [];
  return {
    name: `${namePrefix}-${task.family}-${taskId.slice(0, 12)}-${container.name}`,
    Image: container.image,
    Env: [
      ...Object.entries(container.environment).map(([name, value]) => `${name}=${value}`),
      `ECS_CONTAINER_METADATA_URI_V4=${place.metadataUri}`,
    ],
    ...(container.command && { Cmd: [...container.command] }),
    ...(container.entryPoint && { Entrypoint: [...container.entryPoint] }),
    Labels: { [SANDBOX_LABEL]: namePrefix, [TASK_LABEL]: task.taskArn },
    ExposedPorts: Object.fromEntries(published.map(({ containerPort }) => [`${containerPort}/tcp`, {}])),
    HostConfig: {
      NetworkMode: networkMode(task, place),
      PortBindings: Object.fromEntries(
        published.map(({ containerPort, hostPort }) => [
          `${containerPort}/tcp`,
          [{ HostIp: '127.0.0.1', HostPort: hostPort === null ? '' : String(hostPort) }],
        ]),
      ),
      // As on an EC2 instance: a share of busy processors, not a limit.
      ...(container.cpu !== null && { CpuShares: Math.max(2, container.cpu) }),
      ...(container.memory !== null && {
        Memory: container.memory * MIB,
        MemorySwap: container.memory * MIB,
      }),
      // Overrides the engine's default, because the output must be readable.
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m' } },
    },
  };
}

function networkMode(
  { networkMode: mode }: TaskToRun,
  { network, owner }: { network: string; owner: string | null },
): string {
  if (mode === 'host' || mode === 'none') return mode;
  return mode === 'awsvpc' && owner !== null ? `container:${owner}` : network;
}
