import type { Event, Finished, OutcomeName } from './event.ts';

/** The last event of a trail; undefined when the run has not ended. */
export function endOf({ events }: { readonly events: readonly Event[] }): Finished | undefined {
  return events.find((event) => event.kind === 'finished');
}

/** Whether the release is live. Only then is a job green. */
export function isLive(outcome: OutcomeName | undefined): boolean {
  return outcome === 'deployed' || outcome === 'unchanged';
}
