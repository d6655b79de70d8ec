import type { RolloutRequest } from '../../../core/request.ts';
import type { Notice } from '../../../core/trail/event.ts';

/**
 * A notice about the parts of the plan that do not apply to a worker, and about what the judge
 * uses.
 */
export function workerRemark({ steps, metrics }: RolloutRequest, name: string): Notice {
  const share =
    steps.length === 1
      ? 'ECS replaces its old tasks with new ones without a canary, because steps is 100'
      : 'at its only step half of its tasks are new, and the old tasks stop after that step, whatever the values of steps and keep-old are';
  const told = `Service ${name} has no load balancer: ${share}.`;
  if (steps.length === 1 || metrics.some(({ kind }) => kind === 'counts')) {
    return { kind: 'notice', level: 'notice', message: told };
  }
  const seen =
    metrics.length === 0
      ? 'It has no metrics of its own: only crashes, failing health checks and alarms can stop a bad release.'
      : 'None of its metrics counts failures: only crashes, failing health checks, alarms and a reading over its limit can stop a bad release.';
  return { kind: 'notice', level: 'warning', message: `${told} ${seen}` };
}
