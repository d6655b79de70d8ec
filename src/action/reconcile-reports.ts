import type { Clock } from '../core/time/clock.ts';
import type { Event, NewEvent } from '../core/trail/event.ts';
import type { Markdown } from '../report/markdown.ts';
import { renderSummary } from '../report/summary.ts';

/** The reports of the releases that `reconcile` rolls back by their evidence. */
export interface ReconcileReports {
  /** A report begins with the event `started`. Other events without it are not reported. */
  tell(service: string, event: NewEvent): void;
  /** One report for each of them, as the job of the release would have written it. */
  summaries(): readonly Markdown[];
}

export function createReconcileReports(clock: Clock): ReconcileReports {
  const trails = new Map<string, Event[]>();
  return {
    tell(service, event) {
      if (event.kind === 'started') trails.set(service, []);
      trails.get(service)?.push({ ...event, at: clock.now() });
    },
    summaries: () => [...trails.values()].map((events) => renderSummary(events)),
  };
}
