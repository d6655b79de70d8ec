import type { RolloutRequest } from '../../../core/request.ts';
import type { Notice } from '../../../core/trail/event.ts';

/** What of the plan a worker cannot have, and by what it is judged. */
export function workerRemark({ steps, metrics }: RolloutRequest, name: string): Notice {
  const share =
    steps.length === 1
      ? 'its old tasks give way to the new ones without a canary, as steps says'
      : 'half of its tasks are new ones at the only step, whatever steps says, and the old ones go after it, whatever keep-old says';
  const told = `Service ${name} has no load balancer: ${share}.`;
  if (steps.length === 1 || metrics.some(({ kind }) => kind === 'counts')) {
    return { kind: 'notice', level: 'notice', message: told };
  }
  const seen =
    metrics.length === 0
      ? 'It has no metrics of its own: only crashes, failing health checks and alarms can stop a bad version.'
      : 'None of its metrics counts what fails: only crashes, failing health checks, alarms and a reading over its limit can stop a bad version.';
  return { kind: 'notice', level: 'warning', message: `${told} ${seen}` };
}
