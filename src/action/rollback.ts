import { resumeJobs, runJobs } from '../commands/run/run-jobs.ts';
import { rollbackOne } from '../commands/run/rollback-one.ts';
import type { RollbackRequest } from '../core/request.ts';
import { createTrail, resumeTrail } from '../core/trail/trail.ts';
import type { rollbackAction } from '../inputs/actions/rollback.ts';
import { notificationSettingsOf, rollbackRequest } from '../inputs/assemble.ts';
import type { ParsedInputs } from '../inputs/rule.ts';
import { openNotifications } from '../report/notifications.ts';
import { openJobs } from './jobs.ts';
import { reportRollback } from './report.ts';
import type { Result } from './result.ts';
import type { ActionContext } from './runner.ts';

type Rollback = typeof rollbackAction;

/** The action rollback/. */
export async function rollBackService(
  parsed: ParsedInputs<Rollback['definitions']>,
  context: ActionContext,
): Promise<Result<keyof Rollback['outputs']>> {
  const [opened] = openJobs([rollbackRequest(parsed)], context, createTrail);
  const job = { ...opened!, command: 'rollback' } as const;
  const others = openNotifications(notificationSettingsOf(parsed), context);
  await runJobs([job], { ...context, others }, () => rollbackOne(job, context));
  return reportRollback(job);
}

/** The post step of rollback/. */
export async function finishRollbackJob(
  [request]: readonly RollbackRequest[],
  parsed: ParsedInputs<Rollback['definitions']>,
  context: ActionContext,
): Promise<Result<keyof Rollback['outputs']>> {
  const [job] = openJobs([request!], context, resumeTrail);
  const { trail } = job!;
  await resumeJobs(
    [job!],
    { others: openNotifications(notificationSettingsOf(parsed), context) },
    async () => {
      const { finishRollback } = await import('../commands/run/finish-rollback.ts');
      await finishRollback(trail, request!, { ...context, clients: context.connect() });
    },
  );
  return reportRollback(job!);
}
