import { createHash } from 'node:crypto';
import type { Clock } from '../../src/core/time/clock.ts';
import type { Target, TaskEnd, TaskPlacement, TaskReports, TaskRunner, TaskToRun } from '../ports.ts';
import type { Behaviour } from './behaviour.ts';

export interface SimulatedTasks extends TaskRunner {
  /** The behaviour of the task at an address, or at a port of an instance; `null` when there is none. */
  at(target: Pick<Target, 'id'> & Partial<Target>): Answering | null;
}

/** A running task as seen by its users. */
export interface Answering {
  readonly image: string;
  readonly behaviour: Behaviour;
}

/**
 * Simulated tasks on a clock. The behaviour of a task is looked up by its image or its whole
 * definition when it starts.
 */
export function createSimulatedTasks(options: {
  readonly clock: Clock;
  readonly behaviourOf: (image: string, task: TaskToRun) => Behaviour;
}): SimulatedTasks {
  const { clock, behaviourOf } = options;
  const running = new Map<string, { readonly end: (end: TaskEnd) => void; readonly vanish: () => void }>();
  /** By address, or by `instance:port`. */
  const answering = new Map<string, Answering>();
  let started = 0;

  function start(task: TaskToRun, reports: TaskReports): void {
    const { image } = task.containers[0]!;
    const behaviour = behaviourOf(image, task);
    started++;
    const placement = placementOf(task, started);
    const keys = keysOf(task, placement);
    const cancels: (() => void)[] = [];
    const vanish = () => {
      for (const cancel of cancels) cancel();
      running.delete(task.taskArn);
      for (const key of keys) answering.delete(key);
    };
    const end = (how: TaskEnd) => {
      vanish();
      reports.stopped(how);
    };
    running.set(task.taskArn, { end, vanish });
    cancels.push(
      clock.after(behaviour.startsAfter, () => {
        for (const container of task.containers) reports.pulled(container.name, digestOf(container.image));
        for (const key of keys) answering.set(key, { image, behaviour });
        reports.running(placement);
      }),
    );
    if (behaviour.exitsAfter !== null) {
      cancels.push(
        clock.after(behaviour.startsAfter + behaviour.exitsAfter, () =>
          end({
            reason: 'Essential container in task exited',
            stopCode: 'EssentialContainerExited',
            containers: task.containers.map(({ name }) => ({ name, exitCode: 1, reason: null })),
          }),
        ),
      );
    }
  }

  return {
    start,
    stop(taskArn) {
      const task = running.get(taskArn);
      if (!task) return;
      clock.after(1_000, () =>
        running.get(taskArn)?.end({
          reason: 'Scaling activity initiated',
          stopCode: 'ServiceSchedulerInitiated',
          containers: [],
        }),
      );
    },
    vanish: (taskArn) => running.get(taskArn)?.vanish(),
    at: ({ id, port }) => answering.get(`${id}:${port}`) ?? answering.get(id) ?? null,
    async close() {
      running.clear();
      answering.clear();
    },
  };
}

/** `number`: how many tasks were started before. No two tasks get the same address or dynamic port. */
function placementOf({ networkMode, containers }: TaskToRun, number: number): TaskPlacement {
  const mappings = containers.flatMap(({ name, portMappings }) =>
    portMappings.map((mapping) => ({ ...mapping, container: name })),
  );
  const dynamic = 32_768 + ((number * mappings.length) % 28_000);
  return {
    address: `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`,
    ports: mappings.map(({ container, containerPort, hostPort }, index) => ({
      container,
      containerPort,
      hostPort: networkMode === 'bridge' ? (hostPort ?? dynamic + index) : containerPort,
    })),
  };
}

/** Where the task answers. */
function keysOf({ networkMode, instanceId }: TaskToRun, { address, ports }: TaskPlacement): string[] {
  const isBehindInstance = networkMode !== 'awsvpc' && instanceId !== null;
  return isBehindInstance ? ports.map(({ hostPort }) => `${instanceId}:${hostPort}`) : [address];
}

function digestOf(image: string): string {
  return image.split('@')[1] ?? `sha256:${createHash('sha256').update(image).digest('hex')}`;
}
