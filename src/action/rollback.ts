import { resumeJobs, runJobs } from '../commands/run/run-jobs.ts';
import { rollbackOne } from '../commands/run/rollback-one.ts';
import type { RollbackRequest } from '../core/request.ts';
import { createTrail, resumeTrail } from '../core/trail/trail.ts';
import type { rollbackAction } from '../inputs/actions/rollback.ts';
import { notificationSettingsOf } from '../inputs/assemble.ts';
import { rollbackRequest } from '../inputs/inputs.ts';
import type { ParsedInputs } from '../inputs/rule.ts';
import { openNotifications } from '../report/notifications.ts';
import { openJobs } from './jobs.ts';
import { reportRollback } from './report.ts';
import type { Result } from './result.ts';
import type { ActionContext } from './runner.ts';

type Rollback = typeof rollbackAction;

/** What rollback/ does. */
export async function rollBackService(
  asked: ParsedInputs<Rollback['definitions']>,
  world: ActionContext,
): Promise<Result<keyof Rollback['outputs']>> {
  const [opened] = openJobs([rollbackRequest(asked)], world, createTrail);
  const job = { ...opened!, command: 'rollback' } as const;
  const others = openNotifications(notificationSettingsOf(asked), world);
  await runJobs([job], { ...world, others }, () => rollbackOne(job, world));
  return reportRollback(job);
}

/** What its post step does. */
export async function finishRollbackJob(
  [request]: readonly RollbackRequest[],
  asked: ParsedInputs<Rollback['definitions']>,
  world: ActionContext,
): Promise<Result<keyof Rollback['outputs']>> {
  const [job] = openJobs([request!], world, resumeTrail);
  const { trail } = job!;
  await resumeJobs([job!], { others: openNotifications(notificationSettingsOf(asked), world) }, async () => {
    const { finishRollback } = await import('../commands/run/finish-rollback.ts');
    await finishRollback(trail, request!, { ...world, clients: world.connect() });
  });
  return reportRollback(job!);
}
