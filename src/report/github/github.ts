import type { Environment } from '../../core/environment.ts';
import type { Request, NotificationSettings } from '../../core/request.ts';
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

/** One service's job, and who tells of it. */
export interface GitHubJob {
  readonly request: Pick<Request, 'service' | 'cluster' | 'rollout' | 'source'>;
  readonly telling: NotificationSettings;
  readonly env: Environment;
  readonly clock: Clock;
  /** Of the job: its main and its post step have the same. */
  readonly run: string;
  /** A main step that was killed may have shown something. */
  readonly resumed: boolean;
  readonly complaints: Complaints;
  /** Ends all that is under way. */
  readonly stop: AbortSignal;
}

/** At the end, where nothing comes after: each with a longer pause before it. */
const LAST_TRIES = 3;
/** A limit that ends later than this is not waited for at the end. */
const PATIENCE = 5 * SECOND;
const PAUSE = 15 * SECOND;

/**
 * What shows on GitHub what the events so far say, as far as it does not show it yet. It never rejects: what is refused is not asked for
 * again, what fails otherwise is tried when it is called again. Null: nothing is to be shown, or there is no GitHub around.
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

  /** False: it is no use to go on now. */
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
      // A mistake of our own here must not end a release either.
      complaints.add({ what: 'anything', permission: '' }, troubleOf(error, clock.now()));
    }
  };
}

async function open(
  { request, telling, run, resumed, stop }: GitHubJob,
  { token, place, name }: { readonly token: string; readonly place: GitHubPlace; readonly name: string },
): Promise<readonly Surface[]> {
  const api = await connectGitHub({ token, api: place.api, stop });
  const subject: Subject = { api, place, name, run, resumed, runUrl: request.source.runUrl };
  // Tokens of apps, that of the job among them, begin so; others are a person's.
  const byApp = token.startsWith('ghs_');
  const url = telling.environmentUrl?.replaceAll(/\{service\}|%7Bservice%7D/gi, request.service) ?? null;
  return [
    ...(telling.commitStatus ? [commitStatus(subject)] : []),
    ...(telling.deployment ? [deployment(subject, url)] : []),
    ...(telling.comment ? [comment(subject, { byApp })] : []),
    ...(telling.issueOnRollback ? [issue(subject, { byApp })] : []),
  ];
}
