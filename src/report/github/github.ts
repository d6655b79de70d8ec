import type { Environment } from '../../core/environment.ts';
import type { Request, NotificationSettings } from '../../core/request.ts';
import { withoutSecrets } from '../../core/secrecy/secret-text.ts';
import { SECOND, sleep, type Clock } from '../../core/time/clock.ts';
import type { Event } from '../../core/trail/event.ts';
import { connectGitHub } from './api.ts';
import { comment } from './comment.ts';
import { commitStatus } from './commit-status.ts';
import type { Complaints } from './complaints.ts';
import { deployment } from './deployment.ts';
import { issue } from './issue.ts';
import { gitHubPlaceOf, type GitHubPlace } from './place.ts';
import type { Subject, Surface } from './surface.ts';
import { troubleOf } from './trouble.ts';
import { wantedOf } from './wanted.ts';
import type { Secret } from '../../core/secrecy/secret.ts';

/** The job of one service, and its notification settings. */
export interface GitHubJob {
  readonly request: Pick<Request, 'service' | 'cluster' | 'rollout' | 'source'>;
  readonly telling: NotificationSettings;
  readonly env: Environment;
  readonly clock: Clock;
  /** The same for the main and the post step of the job. */
  readonly run: string;
  /** True in the post step after the main step was killed: something may already be shown. */
  readonly resumed: boolean;
  readonly complaints: Complaints;
  /** Aborts running calls. */
  readonly stop: AbortSignal;
}

/** Attempts at the end of the job; the pause before each attempt is longer. */
const LAST_TRIES = 3;
/** At the end, do not wait longer than this for a rate limit. */
const PATIENCE = 5 * SECOND;
const PAUSE = 15 * SECOND;

/**
 * Returns a function that updates GitHub to match the events so far. It never rejects: a refused
 * call is not repeated, another failed call is repeated at the next update. `null` if nothing is to
 * be shown, or if the job does not run on GitHub.
 */
export function createGitHub(
  told: GitHubJob,
): ((events: readonly Event[], last: boolean) => Promise<void>) | null {
  const { request, telling, env, clock, complaints, stop } = told;
  const { token, deployment, commitStatus, comment, issueOnRollback } = telling;
  const place = gitHubPlaceOf(env);
  if (token === null || place === null || !(deployment || commitStatus || comment || issueOnRollback))
    return null;
  const name = `${telling.environment ?? request.cluster}/${request.service}`;
  const where = { token, place, name };
  const refused = new Set<Surface>();
  let opening: Promise<readonly Surface[]> | undefined;
  let notBefore = 0;

  /** `false` if further calls are pointless now. */
  async function tryToShow(surface: Surface, show: () => Promise<void>, last: boolean): Promise<boolean> {
    for (let tried = 1; ; tried++) {
      try {
        await show();
        complaints.resolve(surface);
        return true;
      } catch (error) {
        const trouble = troubleOf(error, clock.now());
        complaints.add(surface, trouble);
        if (trouble.final) {
          refused.add(surface);
          return true;
        }
        const pause = Math.max(tried * SECOND, (trouble.notBefore ?? 0) - clock.now());
        if (!last || tried === LAST_TRIES || pause > PATIENCE || stop.aborted) {
          notBefore = trouble.notBefore ?? clock.now() + PAUSE;
          return false;
        }
        await sleep(clock, pause, stop);
      }
    }
  }
  async function show(events: readonly Event[], last: boolean): Promise<void> {
    const surfaces = await (opening ??= open(told, where));
    const wanted = wantedOf(events, { name, rollout: request.rollout });
    for (const surface of surfaces) {
      if (refused.has(surface)) continue;
      if (!(await tryToShow(surface, () => surface.show(wanted), last))) return;
    }
  }
  return async (events, last) => {
    if (!last && clock.now() < notBefore) return;
    try {
      await show(events, last);
    } catch (error) {
      // An internal error here must not end a release either.
      complaints.add({ what: 'anything', permission: '' }, troubleOf(error, clock.now()));
    }
  };
}

async function open(
  { request, telling, run, resumed, stop }: GitHubJob,
  { token, place, name }: { readonly token: Secret; readonly place: GitHubPlace; readonly name: string },
): Promise<readonly Surface[]> {
  const api = await connectGitHub({ token, api: place.api, stop });
  const subject: Subject = { api, place, name, run, resumed, runUrl: request.source.runUrl };
  // Prefix of app tokens, including the job's token; other tokens belong to a person.
  const byApp = token.reveal().startsWith('ghs_');
  const url = telling.environmentUrl?.replaceAll(/\{service\}|%7Bservice%7D/gi, request.service) ?? null;
  const environmentUrl = url && withoutSecrets(url);
  return [
    ...(telling.commitStatus ? [commitStatus(subject)] : []),
    ...(telling.deployment ? [deployment(subject, environmentUrl)] : []),
    ...(telling.comment ? [comment(subject, { byApp })] : []),
    ...(telling.issueOnRollback ? [issue(subject, { byApp })] : []),
  ];
}
