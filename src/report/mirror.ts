import { sleep, type Clock, type Milliseconds } from '../core/time/clock.ts';
import type { Event } from '../core/trail/event.ts';
import type { Trail } from '../core/trail/trail.ts';

/** Updates something outside to match the events; `last` for the final call. Never rejects. */
export type Show = (events: readonly Event[], last: boolean) => Promise<void>;

/**
 * Calls `show` when the trail changes, without blocking the trail: one call at a time, with `gap`
 * between two calls, each with all events so far. The returned function shows the last state and
 * then resolves.
 */
export function mirror(
  trail: Pick<Trail, 'events' | 'subscribe'>,
  show: Show,
  { clock, gap }: { readonly clock: Clock; readonly gap: Milliseconds },
): () => Promise<void> {
  const over = new AbortController();
  let changed = false;
  let wake: (() => void) | undefined;
  const unsubscribe = trail.subscribe(() => {
    changed = true;
    wake?.();
  });
  over.signal.addEventListener('abort', () => wake?.());

  const following = (async () => {
    while (!over.signal.aborted) {
      if (!changed) await new Promise<void>((resolve) => (wake = resolve));
      if (over.signal.aborted) break;
      changed = false;
      await show(trail.events, false);
      await sleep(clock, gap, over.signal);
    }
    await show(trail.events, true);
  })();
  return () => {
    unsubscribe();
    over.abort();
    return following;
  };
}
