import type { Event, Finished, OutcomeName, RollbackRequested } from './event.ts';

/** The last event of a trail; undefined when the run has not ended. */
export function endOf({ events }: { readonly events: readonly Event[] }): Finished | undefined {
  return events.find((event) => event.kind === 'finished');
}

/**
 * Whether a rollout was ended before the release was tried: ECS found no room for its tasks, and it
 * had no production traffic.
 */
export function isUntried({ cause, percent }: Pick<RollbackRequested, 'cause' | 'percent'>): boolean {
  return cause === 'capacity' && percent === 0;
}

/** Whether the release is live. Only then is a job green. */
export function isLive(outcome: OutcomeName | undefined): boolean {
  return outcome === 'deployed' || outcome === 'unchanged';
}
