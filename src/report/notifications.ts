import { createComplaints } from './github/complaints.ts';
import { createGitHub } from './github/github.ts';
import type { Environment } from '../core/environment.ts';
import type { Request, NotificationSettings } from '../core/request.ts';
import type { Run } from '../core/run.ts';
import { SECOND, type Clock } from '../core/time/clock.ts';
import { mirror } from './mirror.ts';
import type { Trail } from '../core/trail/trail.ts';
import { createWebhook } from './webhook/webhook.ts';

/** Those outside of the job who are told of it. */
export interface Notifications {
  /** From now on, of one service. `resumed`: a main step that was killed may have told them something. */
  follow(job: Followed, resumed?: 'resumed'): void;
  /**
   * Has them told the end, for some seconds at most, and says what they did not take. Comes before the report: after a death in between
   * the post step does both.
   */
  finish(): Promise<void>;
}

interface Followed {
  readonly trail: Trail;
  readonly request: Pick<Request, 'service' | 'cluster' | 'rollout' | 'source'>;
}

/** Calls are counted: by GitHub, for all jobs of the repository together. */
const GAP = 10 * SECOND;
/** At the end of a job, of which a cancelled one's post step has little left. */
const PATIENCE = 20 * SECOND;

export interface NotificationContext {
  readonly env: Environment;
  readonly clock: Clock;
  readonly run: Run;
  readonly mask: (secret: string) => void;
  /** What was not taken, in words. */
  readonly notice: (message: string) => void;
}

/** GitHub and the webhook, as far as the inputs ask for them. They never fail a release, and never hold it up. */
export function openNotifications(
  telling: NotificationSettings,
  { env, clock, run, mask, notice }: NotificationContext,
): Notifications {
  const stop = new AbortController();
  const complaints = createComplaints();
  const { token, webhook, environment } = telling;
  for (const secret of [token, webhook?.url]) if (secret) mask(secret);
  const told = { telling, env, clock, run: run.id, complaints, stop: stop.signal };
  const hook =
    webhook && createWebhook({ ...webhook, run: run.id, environment }, { clock, stop: stop.signal });
  const ends: (() => Promise<void>)[] = [];
  return {
    follow({ trail, request }, resumed) {
      const show = createGitHub({ ...told, request, resumed: resumed !== undefined });
      if (show) ends.push(mirror(trail, show, { clock, gap: GAP }));
      if (!hook) return;
      trail.subscribe((event) => hook.tell(event, trail.events));
      // Whether main lived to tell the end is not known.
      const end = trail.events.findLast(({ kind }) => kind === 'finished');
      if (end) hook.tell(end, trail.events);
    },
    async finish() {
      const timeIsNotUp = clock.after(PATIENCE, () => stop.abort());
      const [problem] = await Promise.all([hook?.finish(), ...ends.map((end) => end())]);
      timeIsNotUp();
      for (const trouble of [complaints.inWords(), problem]) if (trouble) notice(trouble);
    },
  };
}
