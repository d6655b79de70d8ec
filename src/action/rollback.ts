import { resumeJobs, runJobs } from '../commands/run/run-jobs.ts';
import { rollbackOne } from '../commands/run/rollback-one.ts';
import type { RollbackRequest } from '../core/request.ts';
import { createTrail, resumeTrail } from '../core/trail/trail.ts';
import type { rollback } from '../inputs/actions/rollback.ts';
import { tellingOf } from '../inputs/assemble.ts';
import { rollbackRequest } from '../inputs/inputs.ts';
import type { Asked } from '../inputs/rule.ts';
import { tellOthers } from '../report/notifications.ts';
import { openJobs } from './jobs.ts';
import { reportRollback } from './report.ts';
import type { Result } from './result.ts';
import type { RunnerWorld } from './runner.ts';

type Rollback = typeof rollback;

/** What rollback/ does. */
export async function rollBackService(
  asked: Asked<Rollback['definitions']>,
  world: RunnerWorld,
): Promise<Result<keyof Rollback['outputs']>> {
  const [opened] = openJobs([rollbackRequest(asked)], world, createTrail);
  const job = { ...opened!, command: 'rollback' } as const;
  const others = tellOthers(tellingOf(asked), world);
  await runJobs([job], { ...world, others }, () => rollbackOne(job, world));
  return reportRollback(job);
}

/** What its post step does. */
export async function finishRollbackJob(
  [request]: readonly RollbackRequest[],
  asked: Asked<Rollback['definitions']>,
  world: RunnerWorld,
): Promise<Result<keyof Rollback['outputs']>> {
  const [job] = openJobs([request!], world, resumeTrail);
  const { trail } = job!;
  await resumeJobs([job!], { others: tellOthers(tellingOf(asked), world) }, async () => {
    const { finishRollback } = await import('../commands/run/finish-rollback.ts');
    await finishRollback(trail, request!, { ...world, clients: world.connect() });
  });
  return reportRollback(job!);
}
