import type { Event, Finished, OutcomeName } from './event.ts';

/** How a trail ended; undefined: it has not. */
export function endOf({ events }: { readonly events: readonly Event[] }): Finished | undefined {
  return events.find((event) => event.kind === 'finished');
}

/** Whether the release serves. A job is green only then. */
export function isLive(outcome: OutcomeName | undefined): boolean {
  return outcome === 'deployed' || outcome === 'unchanged';
}
