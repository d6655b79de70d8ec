import { bugReport } from '../../core/failure.ts';
import type { Request, RollbackRequest } from '../../core/request.ts';
import { MINUTE } from '../../core/time/clock.ts';
import { endOf } from '../../core/trail/outcome.ts';
import type { Notifications } from '../../report/notifications.ts';
import { beginJob, type Job } from './job.ts';

type AnyJob = Job<Request | RollbackRequest>;

export interface JobHost {
  /** Those outside of the job who are told of it. */
  readonly others: Notifications;
  /** Aborted when the jobs are to end before their time; its reason is a signal's name, or the mistake of our own that nobody expected. */
  readonly cancelled: AbortSignal;
  /** Ends this process, where another one finishes what it leaves; left out: there is none. */
  readonly leave?: () => void;
}

/** Runs jobs from the first event of their trails to the last, has others told of them, and tells that they were asked to stop. */
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

/** Finishes jobs whose process was killed: those whose trail has no end yet. */
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

/** The way back is asked for at the next look. */
const TIME_TO_ASK = 2 * MINUTE;

/** Whatever was awaited may have gone with the mistake: then another process does better than this one. */
function leaveIfStuck(jobs: readonly AnyJob[], leave: () => void): void {
  const isStuck = ({ trail }: AnyJob) =>
    !trail.events.some(({ kind }) => kind === 'rollback-requested' || kind === 'finished');
  setTimeout(() => {
    if (jobs.some(isStuck)) leave();
  }, TIME_TO_ASK).unref();
}
