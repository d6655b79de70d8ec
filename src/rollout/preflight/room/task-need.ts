import type { TaskDefinition } from '@aws-sdk/client-ecs';

/** What ECS reserves on a container instance for one task. */
export interface TaskNeed {
  /** CPU units; 1,024 are one vCPU. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  readonly gpus: number;
  /** Fixed ports of the host. Dynamic ports need no room. */
  readonly ports: readonly string[];
  /** Attributes that the instance must have. */
  readonly attributes: readonly { readonly name: string; readonly value?: string }[];
  readonly constraints: readonly string[];
  /** Whether each task has a network interface of its own. */
  readonly networkInterface: boolean;
}

/** ECS's own arithmetic: the limits of the task, or the sums of its containers. Pure. */
export function needOfTask({
  cpu,
  memory,
  networkMode,
  containerDefinitions = [],
  requiresAttributes = [],
  placementConstraints = [],
}: TaskDefinition): TaskNeed {
  const sum = (read: (container: (typeof containerDefinitions)[number]) => number) =>
    containerDefinitions.reduce((total, container) => total + read(container), 0);
  return {
    cpu: cpu ? Number(cpu) : sum((container) => container.cpu ?? 0),
    memory: memory
      ? Number(memory)
      : sum((container) => container.memoryReservation ?? container.memory ?? 0),
    gpus: sum(({ resourceRequirements = [] }) =>
      resourceRequirements.reduce(
        (total, { type, value }) => total + (type === 'GPU' ? Number(value) : 0),
        0,
      ),
    ),
    ports:
      networkMode === 'awsvpc'
        ? []
        : containerDefinitions.flatMap(({ portMappings = [] }) =>
            portMappings.flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : [])),
          ),
    attributes: requiresAttributes.map(({ name, value }) => ({ name: name!, ...(value && { value }) })),
    constraints: placementConstraints.flatMap(({ expression }) => expression ?? []),
    networkInterface: networkMode === 'awsvpc',
  };
}
