import type { ECSClient, Task } from '@aws-sdk/client-ecs';
import { mayPass } from '../../aws/errors.ts';
import { readServiceEvents } from '../../aws/ecs/service-events.ts';
import { tasksOf } from '../../aws/ecs/tasks.ts';
import type { ServiceRef } from '../../core/service-ref.ts';
import { cachedRead } from '../../core/time/cached-read.ts';
import { SECOND, type Clock } from '../../core/time/clock.ts';
import type { Arm, Phase, Traffic } from '../traffic/traffic-mover.ts';
import { shortageOf, type Shortage } from './shortage.ts';

export interface ShortageReaderOptions {
  readonly ecs: ECSClient;
  readonly service: ServiceRef;
  readonly clock: Clock;
  readonly canary: Arm;
}

/** ECS says within this time that it finds no room, so nothing is read before. */
const USUAL_START = 8 * SECOND;
/** ECS stops the tasks that wait for room: what it said before counts. */
const GOING_BACK: ReadonlySet<Phase> = new Set(['rolling-back', 'rolled-back']);

/**
 * Reads the shortage of room for the canary's tasks, only while tasks are missing. `stopped` are
 * the stopped tasks of the service. Rejects with UserError when AWS refuses.
 */
export function createShortageReader({
  ecs,
  service,
  clock,
  canary,
}: ShortageReaderOptions): (traffic: Traffic, stopped: readonly Task[]) => Promise<Shortage | null> {
  const readAll = () => Promise.all([tasksOf(ecs, service, 'RUNNING'), readServiceEvents(ecs, service)]);
  const read = cachedRead(clock, readAll, { mayPass });
  const isCanary = ({ taskDefinitionArn }: Task) => taskDefinitionArn === canary.taskDefinitionArn;
  /** Not read yet: a run that takes over needs the shortage that is over, too. */
  let last: Shortage | null | undefined;

  return async ({ phase, canary: { desired, running }, startedAt }, stopped) => {
    const isMissing = running < desired || last === undefined || last?.until === null;
    const isEarly = last === undefined && clock.now() - startedAt < USUAL_START;
    if (!isMissing || isEarly || desired === 0 || GOING_BACK.has(phase)) return last ?? null;
    const [wanted, events] = await read(false);
    const found = shortageOf({
      desired,
      wanted: wanted.filter(isCanary),
      stopped: stopped.filter(isCanary),
      events,
      startedAt,
    });
    last = carriedOn(found, last ?? null, clock.now());
    return last;
  };
}

/**
 * The shortage after another look. ECS does not say when a task that waited for an instance got it, and
 * a task says that it waits only while it does: so a shortage ends when that is first seen.
 */
function carriedOn(found: Shortage | null, last: Shortage | null, now: number): Shortage | null {
  if (last === null || found?.until === null) return found;
  const end = last.until ?? now;
  return found === null ? { ...last, until: end } : { ...found, until: Math.max(found.until, end) };
}
