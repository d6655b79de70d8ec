// The ways in which the process of a release is ended, and the correct result of each.
/** The places in a release where its process is ended, in order. */
export const PLACES = [
  'build',
  'push',
  'register',
  'start',
  'starting',
  'first',
  'second',
  'soak',
  'rollback',
] as const;

export type Place = (typeof PLACES)[number];

export const PLACE_IN_WORDS: Readonly<Record<Place, string>> = {
  build: 'in the build',
  push: 'in the push',
  register: 'while the task definition is registered',
  start: 'while ECS answers the start, which it has accepted',
  starting: 'while the new tasks start',
  first: 'at 30%',
  second: 'at 60%',
  soak: 'at 100%, while the old revision is kept',
  rollback: 'in a rollback from 30%',
};

/** `cancel`: as GitHub's runner does, SIGINT, 7.5 s later SIGTERM, 2.5 s later SIGKILL. */
export const SIGNALS = ['cancel', 'SIGTERM', 'SIGKILL'] as const;
export type Signal = (typeof SIGNALS)[number];

/** What runs afterwards: the job's post step, or nothing (the machine is lost). */
export const AFTER = ['post step', 'nobody'] as const;
export type After = (typeof AFTER)[number];

export interface Death {
  readonly place: Place;
  readonly signal: Signal;
  readonly after: After;
}

export const DEATHS: readonly Death[] = PLACES.flatMap((place) =>
  SIGNALS.flatMap((signal) => AFTER.map((after) => ({ place, signal, after }))),
);

export function inWords({ place, signal, after }: Death): string {
  const ended = signal === 'cancel' ? 'cancelled' : `ended by ${signal}`;
  return `${ended} ${PLACE_IN_WORDS[place]}, then ${after}`;
}

/** The result of a death, seen from outside. */
export interface Ending {
  /** The reported outcome; `null` if no process was left to report it. */
  readonly outcome: string | null;
  readonly serves: 'old' | 'new';
  /** Whether the rollout's pause and tags remain on the service until ecs-ramp runs again. */
  readonly leavesPause: boolean;
}

/** Whether the job may have changed the service at this place. */
export const touches = (place: Place) => !['build', 'push', 'register'].includes(place);

/** The correct endings. A job that reports its outcome has also cleaned up. */
export function rightEndings({ place, signal, after }: Death): readonly Ending[] {
  const touched = touches(place);
  const reported: Ending = { outcome: touched ? 'rolled-back' : 'failed', serves: 'old', leavesPause: false };
  const unreported: Ending = {
    outcome: null,
    serves: place === 'soak' ? 'new' : 'old',
    leavesPause: touched,
  };
  if (after === 'post step' || signal === 'SIGTERM') return [reported];
  if (signal === 'SIGKILL') return [unreported];
  // Cancelled: ten seconds suffice to request the rollback, but not always to see its end.
  return touched ? [reported, { ...unreported, serves: 'old' }] : [reported];
}
