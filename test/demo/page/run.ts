import type { Event } from '../../../src/core/trail/event.ts';
import { storyOf } from '../../../src/report/story.ts';
import { CAUSES } from '../../../src/report/words.ts';
import type { Result } from '../scenario.ts';

/** A scenario that has ended, with the trail of its release. */
export interface Run {
  readonly result: Result;
  readonly events: readonly Event[];
}

/** Who or what the run blames, and for what, in words. */
export function blamed({ events }: Run): string {
  const { rollback, evaluation } = storyOf(events);
  if (rollback) return `${CULPRITS[rollback.cause] ?? 'the new revision'}: ${CAUSES[rollback.cause]}`;
  const taken = evaluation?.interrupted?.[0]?.because;
  if (taken !== undefined) return `not the release: ${taken}`;
  const waited = events.some((event) => event.kind === 'waiting' && event.what.startsWith('room for'));
  return waited ? 'not the release: the cluster had no room for its tasks' : 'nobody';
}

/** Causes of a rollback that are not the new revision's fault. */
const CULPRITS: Partial<Record<keyof typeof CAUSES, string>> = {
  gate: 'a gate',
  cancel: 'a person',
  request: 'a person',
  capacity: 'the cluster',
  ecs: 'ECS',
  problem: 'the run',
};

/** The requests of a period to one revision, as the load balancer counted them. */
export interface Counted {
  readonly requests: number;
  readonly failed: number;
}

export interface Period {
  /** In milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly canary: Counted;
  readonly stable: Counted;
}

/** The periods with counts of both revisions, oldest first; none if no user reached the new one. */
export function periodsOf(events: readonly Event[]): readonly Period[] {
  const { evaluation } = storyOf(events);
  if (!evaluation) return [];
  const length = evaluation.period * 1_000;
  return evaluation.minutes.map(({ t, canary, stable }) => {
    const from = evaluation.origin + t * length;
    return { from, to: from + length, canary: counted(canary), stable: counted(stable) };
  });
}

function counted(counts: { readonly requests: number; readonly errors?: number } | undefined): Counted {
  return { requests: counts?.requests ?? 0, failed: counts?.errors ?? 0 };
}

/** The sum over the periods. */
export function totalOf(periods: readonly Period[], arm: 'canary' | 'stable'): Counted {
  return {
    requests: periods.reduce((sum, period) => sum + period[arm].requests, 0),
    failed: periods.reduce((sum, period) => sum + period[arm].failed, 0),
  };
}
