import { createHash } from 'node:crypto';
import type { Clock } from '../../src/core/time/clock.ts';
import type { Target, TaskEnd, TaskReports, TaskRunner, TaskToRun } from '../ports.ts';
import type { Behaviour } from './behaviour.ts';

export interface SimulatedTasks extends TaskRunner {
  /** The behaviour of the task at an address; `null` when there is none. */
  at(target: Pick<Target, 'id'>): Answering | null;
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
  const running = new Map<string, { readonly behaviour: Behaviour; readonly end: (end: TaskEnd) => void }>();
  const addresses = new Map<string, Answering>();
  let started = 0;

  function start(task: TaskToRun, reports: TaskReports): void {
    const { image } = task.containers[0]!;
    const behaviour = behaviourOf(image, task);
    started++;
    const address = `10.${(started >> 16) & 255}.${(started >> 8) & 255}.${started & 255}`;
    const cancels: (() => void)[] = [];
    const end = (how: TaskEnd) => {
      for (const cancel of cancels) cancel();
      running.delete(task.taskArn);
      addresses.delete(address);
      reports.stopped(how);
    };
    running.set(task.taskArn, { behaviour, end });
    cancels.push(
      clock.after(behaviour.startsAfter, () => {
        for (const container of task.containers) reports.pulled(container.name, digestOf(container.image));
        addresses.set(address, { image, behaviour });
        reports.running({ address, ports: portsOf(task) });
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
    at: ({ id }) => addresses.get(id) ?? null,
    async close() {
      running.clear();
      addresses.clear();
    },
  };
}

function portsOf(task: TaskToRun) {
  return task.containers.flatMap(({ name, portMappings }) =>
    portMappings.map(({ containerPort }) => ({ container: name, containerPort, hostPort: containerPort })),
  );
}

function digestOf(image: string): string {
  return image.split('@')[1] ?? `sha256:${createHash('sha256').update(image).digest('hex')}`;
}
