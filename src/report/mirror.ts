import { sleep, type Clock, type Milliseconds } from '../core/time/clock.ts';
import type { Event } from '../core/trail/event.ts';
import type { Trail } from '../core/trail/trail.ts';

/** Makes something outside show what the events say; the last time nothing comes after. Never rejects. */
export type Show = (events: readonly Event[], last: boolean) => Promise<void>;

/**
 * Lets something outside follow a trail without ever holding it up: one call at a time, `gap` between two, each with all events so far,
 * so that what is slow skips what is past. The returned function has the last state shown, and resolves then.
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
