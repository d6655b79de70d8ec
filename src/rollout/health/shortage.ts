import type { ServiceEvent, Task } from '@aws-sdk/client-ecs';
import { isFargate } from '../../aws/ecs/fargate.ts';
import { isCapacity, stopCause } from './stop-cause.ts';

/** A time in which ECS found no room for the new revision's tasks. */
export interface Shortage {
  /** What ECS said last about it, in its own words. */
  readonly said: string;
  /** When ECS first said so, milliseconds since 1970. */
  readonly since: number;
  /** When the last task was placed; `null` while tasks still wait. */
  readonly until: number | null;
}

export interface Placement {
  /** How many tasks of the new revision should run. */
  readonly desired: number;
  /** Tasks of the new revision that ECS wants to run. */
  readonly wanted: readonly Task[];
  /** Stopped tasks of the new revision. */
  readonly stopped: readonly Task[];
  readonly events: readonly ServiceEvent[];
  /**
   * Start of the rollout, milliseconds since 1970. An older statement only counts if it was ECS's
   * last word about the tasks: ECS repeats it after six hours.
   */
  readonly startedAt: number;
}

/**
 * The shortage that ECS reported since the start of the rollout; `null` when it reported none. A
 * capacity provider keeps a task in PROVISIONING until it has an instance. Otherwise, ECS says in a
 * service event or in a stopped task why it could not place the task. Pure.
 */
export function shortageOf({ desired, wanted, stopped, events, startedAt }: Placement): Shortage | null {
  const waiting = wanted.filter(isWaiting);
  const before = lastWord(events, startedAt);
  const statements = [
    ...(before === null ? [] : [{ at: new Date(startedAt), said: before }]),
    ...events.map(({ createdAt, message = '' }) => ({ at: createdAt, said: message })).filter(isPlacement),
    ...stopped
      .filter((task) => stopCause(task) === 'capacity')
      .map(({ stoppedAt, stoppedReason = '' }) => ({ at: stoppedAt, said: stoppedReason })),
    ...waiting.map((task) => ({ at: task.createdAt, said: waitsFor(task) })),
  ]
    .map(({ at, said }) => ({ at: timeOf(at), said: trimmed(said) }))
    .filter(({ at }) => at >= startedAt)
    .toSorted((a, b) => a.at - b.at);
  const [first, last] = [statements[0], statements.at(-1)];
  if (first === undefined || last === undefined) return null;
  const placed = wanted.filter((task) => !isWaiting(task));
  const ran = stopped.filter((task) => stopCause(task) !== 'capacity');
  const newest = Math.max(startedAt, ...[...placed, ...ran].map(({ createdAt }) => timeOf(createdAt)));
  // ECS does not say so again after a part of the tasks was placed. A task that exited is started again.
  const isExplained = ran.some(({ createdAt }) => timeOf(createdAt) > last.at);
  const isOpen = waiting.length > 0 || (placed.length < desired && !isExplained);
  return { said: last.said, since: first.at, until: isOpen ? null : Math.max(newest, last.at) };
}

/** Only the tasks of a capacity provider with instances wait in this state for a place. */
function isWaiting({ lastStatus, containerInstanceArn, launchType, capacityProviderName }: Task): boolean {
  const isOnFargate = isFargate(launchType, [capacityProviderName]);
  return lastStatus === 'PROVISIONING' && !containerInstanceArn && !isOnFargate;
}

/** Why tasks could not be placed, if that was the last that ECS said about tasks before `startedAt`. */
function lastWord(events: readonly ServiceEvent[], startedAt: number): string | null {
  const [word] = events
    .filter(({ createdAt, message = '' }) => timeOf(createdAt) < startedAt && ABOUT_TASKS.test(message))
    .toSorted((a, b) => timeOf(b.createdAt) - timeOf(a.createdAt))
    .map(({ message = '' }) => message);
  return word !== undefined && isPlacement({ said: word }) ? word : null;
}

const ABOUT_TASKS = /unable to place a task|has started \d+ tasks|has reached a steady state/;

function isPlacement({ said }: { readonly said: string }): boolean {
  return /unable to place a task/.test(said) && isCapacity(said);
}

function waitsFor({ capacityProviderName }: Task): string {
  const of = capacityProviderName ? ` of capacity provider ${capacityProviderName}` : '';
  return `tasks wait for an instance${of}`;
}

/** Without the name of the service, which the log has already, and the link to the manual. */
function trimmed(message: string): string {
  return message
    .replace(/^\(service [^)]*\) /, '')
    .replace(/ For more information, see .*$/, '')
    .replace(/\.$/, '');
}

const timeOf = (date: Date | undefined): number => date?.getTime() ?? 0;
