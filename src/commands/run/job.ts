import { problemsOf } from '../../core/failure.ts';
import type { Request, RollbackRequest } from '../../core/request.ts';
import type { Finished } from '../../core/trail/event.ts';
import type { Trail } from '../../core/trail/trail.ts';
import { VERSION } from './version.ts';

/** The request for one service, and its trail. */
export interface Job<R extends Request | RollbackRequest = Request> {
  readonly request: R;
  readonly trail: Trail;
  /** Absent: a release. */
  readonly command?: 'rollback';
}

/** How a job ended. */
export type JobEnd = Pick<Finished, 'outcome' | 'reason'> & Partial<Omit<Finished, 'kind' | 'took'>>;

type Told = Pick<Trail, 'tell'>;

/** The first event of a job's trail. */
export function beginJob({
  request,
  trail,
  command,
}: Omit<Job<Request | RollbackRequest>, 'trail'> & { readonly trail: Told }): void {
  const { service, cluster, access, source, dryRun } = request;
  trail.tell({
    kind: 'started',
    version: VERSION,
    ...(command && { command }),
    service,
    cluster,
    region: access.region ?? 'unknown',
    account: null,
    commit: source.commit,
    repositoryUrl: source.repositoryUrl,
    runUrl: source.runUrl,
    actor: source.actor,
    dryRun,
  });
}

/** The last one. */
export function finishJob(trail: Told, end: JobEnd, took: Finished['took']): void {
  trail.tell({ kind: 'finished', canaryPercent: null, oldRevisionUntil: null, ...end, took });
}

/** The end of a failed job. Records several problems as error notices. */
export function failureOf(trail: Told, error: unknown): JobEnd {
  const problems = problemsOf(error);
  if (problems.length === 1) return { outcome: 'failed', reason: problems[0]! };
  for (const message of problems) trail.tell({ kind: 'notice', level: 'error', message });
  const reason = `${problems.length} problems were found; production was not touched.`;
  return { outcome: 'failed', reason };
}
