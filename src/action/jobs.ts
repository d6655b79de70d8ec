import type { Job } from '../commands/run/job.ts';
import type { Request, RollbackRequest } from '../core/request.ts';
import type { createTrail, resumeTrail } from '../core/trail/trail.ts';
import { logLines } from '../report/log.ts';
import type { ActionContext } from './runner.ts';

/**
 * Opens jobs whose trails are printed to the log. With several services, each line starts with the
 * service.
 */
export function openJobs<R extends Request | RollbackRequest>(
  requests: readonly R[],
  { clock, log, masked }: Pick<ActionContext, 'clock' | 'log' | 'masked'>,
  open: typeof createTrail | typeof resumeTrail,
): readonly Job<R>[] {
  return requests.map((request) => {
    const trail = open({ clock, file: request.eventsFile, masked });
    trail.subscribe((event) => {
      for (const line of logLines(event))
        log.say(requests.length > 1 ? `${request.service} | ${line}` : line);
    });
    return { request, trail };
  });
}
