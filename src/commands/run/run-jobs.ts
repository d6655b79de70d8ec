import { bugReport } from '../../core/failure.ts';
import type { Request, RollbackRequest } from '../../core/request.ts';
import { MINUTE } from '../../core/time/clock.ts';
import { endOf } from '../../core/trail/outcome.ts';
import type { Notifications } from '../../report/notifications.ts';
import { beginJob, type Job } from './job.ts';

type AnyJob = Job<Request | RollbackRequest>;

export interface JobHost {
  /** GitHub and the webhook. */
  readonly others: Notifications;
  /**
   * Aborted when the jobs must end early; its reason is the name of a signal, or an internal error.
   */
  readonly cancelled: AbortSignal;
  /** Exits this process if another one finishes its work; absent: there is none. */
  readonly leave?: () => void;
}

/** Runs jobs, sends their notifications, and records cancellations in their trails. */
export async function runJobs(
  jobs: readonly AnyJob[],
  { others, cancelled, leave }: JobHost,
  work: () => Promise<void>,
): Promise<void> {
  for (const job of jobs) others.follow(job);
  for (const job of jobs) beginJob(job);
  const hear = () => {
    const unfinished = jobs.filter(({ trail }) => !endOf(trail));
    for (const { trail } of unfinished) tellStop(trail, cancelled.reason);
    if (cancelled.reason instanceof Error && leave) leaveIfStuck(unfinished, leave);
  };
  if (cancelled.aborted) hear();
  else cancelled.addEventListener('abort', hear);
  await work();
  await others.finish();
}

/** Finishes the jobs of a killed process: those whose trail has no end. */
export async function resumeJobs(
  jobs: readonly AnyJob[],
  { others }: Pick<JobHost, 'others'>,
  finish: (unfinished: readonly AnyJob[]) => Promise<unknown>,
): Promise<void> {
  for (const job of jobs) others.follow(job, 'resumed');
  const unfinished = jobs.filter(({ trail }) => !endOf(trail));
  if (unfinished.length > 0) await finish(unfinished);
  await others.finish();
}

function tellStop(trail: AnyJob['trail'], reason: unknown): void {
  if (reason instanceof Error) trail.tell({ kind: 'notice', level: 'error', message: bugReport(reason) });
  else trail.tell({ kind: 'cancel-requested', signal: String(reason) });
}

/** How long to wait until the rollback is requested, which the next observation does. */
const TIME_TO_ASK = 2 * MINUTE;

/** The internal error may have blocked a job: then the post step finishes it. */
function leaveIfStuck(jobs: readonly AnyJob[], leave: () => void): void {
  const isStuck = ({ trail }: AnyJob) =>
    !trail.events.some(({ kind }) => kind === 'rollback-requested' || kind === 'finished');
  setTimeout(() => {
    if (jobs.some(isStuck)) leave();
  }, TIME_TO_ASK).unref();
}
