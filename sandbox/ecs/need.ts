import type { TaskDefinitionRecord } from './world.ts';

/** What a task reserves. */
export interface Need {
  /** CPU units, 1024 for each vCPU. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  /** Fixed ports of the host. A host port of 0 reserves none. */
  readonly ports: readonly string[];
  /** With network mode `awsvpc`, a task has its own network interface. */
  readonly networkInterface: boolean;
  /** Attributes that an instance must have. */
  readonly attributes: readonly string[];
}

/** The task's size, or the sum of its containers' if it has none. */
export function needOf({ definition }: TaskDefinitionRecord): Need {
  const containers = definition.containerDefinitions ?? [];
  const sum = (of: (container: (typeof containers)[number]) => number | undefined) =>
    containers.reduce((total, container) => total + (of(container) ?? 0), 0);
  const { networkMode = 'bridge' } = definition;
  return {
    cpu: Number(definition.cpu ?? sum(({ cpu }) => cpu)),
    memory: Number(definition.memory ?? sum(({ memoryReservation, memory }) => memoryReservation ?? memory)),
    ports:
      networkMode === 'awsvpc'
        ? []
        : containers.flatMap(({ portMappings = [] }) =>
            portMappings
              .map(({ hostPort, containerPort }) => (networkMode === 'host' ? containerPort : hostPort))
              .filter((port) => port !== undefined && port !== 0)
              .map(String),
          ),
    networkInterface: networkMode === 'awsvpc',
    attributes: (definition.requiresAttributes ?? []).flatMap(({ name }) => name ?? []),
  };
}
