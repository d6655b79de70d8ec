import type Docker from 'dockerode';
import type { ContainerToRun, LogSink, TaskEnd, TaskPlacement, TaskReports, TaskToRun } from '../ports.ts';
import { containerOptions } from './container-options.ts';
import { engineMessage } from './engine-error.ts';
import { fetchImage, type CredentialsFor } from './image.ts';
import { removeContainer, unlessGone } from './leftovers.ts';
import type { Metadata } from './metadata.ts';
import { followOutput } from './output.ts';

export interface RunningTask {
  /** Resolves after `stopped` has been reported and the containers have been removed. */
  readonly ended: Promise<void>;
  /** Requests a graceful stop. */
  stop(): void;
  /** Kills the containers. Nothing is reported. */
  vanish(): void;
}

/** The environment of tasks. */
export interface Place {
  /** The name of the sandbox's network. */
  readonly network: string;
  readonly metadata: Metadata;
}

export interface Host {
  readonly docker: Docker;
  /** Resolves when the environment is ready. */
  readonly place: Promise<Place>;
  readonly logs: LogSink;
  readonly credentialsFor: CredentialsFor;
  readonly namePrefix: string;
}

interface StartedContainer {
  readonly definition: ContainerToRun;
  readonly container: Docker.Container;
  /** The exit code; `null` when it is not known. */
  readonly exit: Promise<number | null>;
  /** Resolves when its last line has been logged, to the error that prevented it or `null`. */
  readonly output: Promise<string | null>;
}

class StartFailure extends Error {}

const LOOPBACK = '127.0.0.1';
const OUT_OF_MEMORY = 'OutOfMemoryError: Container killed due to memory usage';
const STOPPED: Pick<TaskEnd, 'reason' | 'stopCode'> = { reason: 'Task stopped', stopCode: 'UserInitiated' };
const EXITED: Pick<TaskEnd, 'reason' | 'stopCode'> = {
  reason: 'Essential container in task exited',
  stopCode: 'EssentialContainerExited',
};

/**
 * Pulls, creates and starts the containers of a task, waits until the first essential one ends, and
 * stops the others.
 */
export function startTask(host: Host, task: TaskToRun, reports: TaskReports): RunningTask {
  const stopping = Promise.withResolvers<void>();
  let isStopping = false;
  const stop = () => {
    isStopping = true;
    stopping.resolve();
  };
  const started: StartedContainer[] = [];
  let isGone = false;
  const vanish = () => {
    isGone = true;
    stop();
    for (const { container } of started) void removeContainer(container);
  };

  const live = async (): Promise<Pick<TaskEnd, 'reason' | 'stopCode'>> => {
    try {
      const place = await host.place;
      for (const definition of essentialFirst(task.containers)) {
        if (isStopping) return STOPPED;
        started.push(await startContainer({ host, task, reports, definition, place, owner: started[0] }));
      }
      const placement = await placementOf(task, place.network, started);
      if (placement) reports.running(placement);
    } catch (error) {
      // The owner of the shared network has ended, which is the cause.
      if (started[0] && !(await isRunning(started[0].container))) return EXITED;
      return { reason: whyNotStarted(error), stopCode: 'TaskFailedToStart' };
    }
    const essential = started.filter(({ definition }) => definition.essential).map(({ exit }) => exit);
    await Promise.race([stopping.promise, ...essential]);
    return isStopping ? STOPPED : EXITED;
  };

  const finish = async (why: Pick<TaskEnd, 'reason' | 'stopCode'>): Promise<void> => {
    const ends = await Promise.all(started.map(endContainer));
    const containers = task.containers.map(
      ({ name }) => ends.find((end) => end.name === name) ?? { name, exitCode: null, reason: null },
    );
    if (!isGone) reports.stopped({ ...why, containers });
  };

  return { ended: live().then(finish), stop, vanish };
}

async function startContainer(context: {
  host: Host;
  task: TaskToRun;
  reports: TaskReports;
  definition: ContainerToRun;
  place: Place;
  owner: StartedContainer | undefined;
}): Promise<StartedContainer> {
  const { host, task, reports, definition, place, owner } = context;
  const { docker, logs, namePrefix, credentialsFor } = host;
  const { name, image, log } = definition;
  const digest = await step('CannotPullContainerError', fetchImage(docker, image, credentialsFor));
  const options = containerOptions(task, definition, {
    namePrefix,
    network: place.network,
    owner: owner?.container.id ?? null,
    metadataUri: place.metadata.uriOf(task),
  });
  const container = await step('CannotCreateContainerError', docker.createContainer(options));
  reports.pulled(name, digest);
  try {
    await step('CannotStartContainerError', container.start());
  } catch (error) {
    await removeContainer(container);
    throw error;
  }
  return {
    definition,
    container,
    exit: exitOf(container),
    output: log
      ? followOutput(docker, container, { log, logs }).then(() => null, engineMessage)
      : Promise.resolve(null),
  };
}

/** The first container provides the network of the others, so it should be an essential one. */
function essentialFirst(containers: readonly ContainerToRun[]): ContainerToRun[] {
  return containers.toSorted((a, b) => Number(b.essential) - Number(a.essential));
}

/** A step of the start. A failure is reported in ECS's wording. */
async function step<T>(kind: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new StartFailure(`${kind}: ${engineMessage(error)}`, { cause: error });
  }
}

function whyNotStarted(error: unknown): string {
  return error instanceof StartFailure
    ? error.message
    : `ResourceInitializationError: ${engineMessage(error)}`;
}

/** Never rejects: a container that does not exist has ended. */
async function exitOf(container: Docker.Container): Promise<number | null> {
  try {
    const { StatusCode }: { StatusCode: number } = await container.wait();
    return StatusCode;
  } catch {
    return null;
  }
}

async function isRunning(container: Docker.Container): Promise<boolean> {
  try {
    return (await container.inspect()).State.Running;
  } catch {
    // The container was removed, or the engine has stopped.
    return false;
  }
}

/** `null` when an essential container has already ended, so that there is no address. */
async function placementOf(
  task: TaskToRun,
  network: string,
  started: readonly StartedContainer[],
): Promise<TaskPlacement | null> {
  const facts = await Promise.all(started.map(({ container }) => container.inspect()));
  if (started.some(({ definition }, index) => definition.essential && !facts[index]?.State.Running))
    return null;
  return {
    address:
      task.networkMode === 'awsvpc'
        ? (facts[0]?.NetworkSettings.Networks[network]?.IPAddress ?? '')
        : LOOPBACK,
    ports: started.flatMap(({ definition }, index) =>
      definition.portMappings.map(({ containerPort }) => {
        const published = facts[index]?.NetworkSettings.Ports[`${containerPort}/tcp`]?.[0]?.HostPort;
        return { container: definition.name, containerPort, hostPort: Number(published ?? containerPort) };
      }),
    ),
  };
}

/**
 * Sends SIGTERM if it still runs and SIGKILL after its stopTimeout, removes it, and returns how it
 * ended.
 */
async function endContainer(started: StartedContainer): Promise<TaskEnd['containers'][number]> {
  const { definition, container, exit, output } = started;
  const { name, stopTimeout } = definition;
  try {
    await unlessGone(container.stop({ t: Math.ceil(stopTimeout / 1000) }));
    const exitCode = await exit;
    const unread = await output;
    const { State } = await container.inspect();
    await removeContainer(container);
    return { name, exitCode, reason: State.OOMKilled ? OUT_OF_MEMORY : unread };
  } catch (error) {
    // The container was removed, or the engine has stopped: it is not known how it ended.
    return { name, exitCode: null, reason: engineMessage(error) };
  }
}
