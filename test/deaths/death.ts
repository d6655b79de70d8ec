/** The places of a release where its process can be told to end, in order. */
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
  soak: 'at 100%, the old version is hot',
  rollback: 'in a rollback from 30%',
};

/** What it is told. `cancel`: as GitHub's runner does, SIGINT, 7.5 s later SIGTERM, 2.5 s later SIGKILL. */
export const SIGNALS = ['cancel', 'SIGTERM', 'SIGKILL'] as const;
export type Signal = (typeof SIGNALS)[number];

/** What runs after it: the job's post step, or nothing, as where the machine is gone. */
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
  const told = signal === 'cancel' ? 'cancelled' : `ended by ${signal}`;
  return `${told} ${PLACE_IN_WORDS[place]}, then ${after}`;
}

/** How a death ended, seen from outside. */
export interface Ending {
  /** What the job said became of the release; null: nobody lived to say it. */
  readonly outcome: string | null;
  readonly serves: 'old' | 'new';
  /** The rollout's pause and tags stay on the service until ecs-ramp runs again. */
  readonly leavesPause: boolean;
}

/** Whether production may be touched when the job has come there. */
export const touches = (place: Place) => !['build', 'push', 'register'].includes(place);

/** The endings that are right. Told and left behind go together: who lives to tell the end has tidied up. */
export function rightEndings({ place, signal, after }: Death): readonly Ending[] {
  const touched = touches(place);
  const told: Ending = { outcome: touched ? 'rolled-back' : 'failed', serves: 'old', leavesPause: false };
  const untold: Ending = {
    outcome: null,
    serves: place === 'soak' ? 'new' : 'old',
    leavesPause: touched,
  };
  if (after === 'post step' || signal === 'SIGTERM') return [told];
  if (signal === 'SIGKILL') return [untold];
  // ten seconds: enough to ask for the rollback, perhaps to see its end
  return touched ? [told, { ...untold, serves: 'old' }] : [told];
}
