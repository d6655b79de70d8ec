import { createComplaints } from './github/complaints.ts';
import { createGitHub } from './github/github.ts';
import type { Environment } from '../core/environment.ts';
import type { Request, NotificationSettings } from '../core/request.ts';
import type { Run } from '../core/run.ts';
import { SECOND, type Clock } from '../core/time/clock.ts';
import { mirror } from './mirror.ts';
import type { Trail } from '../core/trail/trail.ts';
import { createWebhook } from './webhook/webhook.ts';

export interface Notifications {
  /** Starts to notify about a service. `resumed`: a killed main step may have sent some already. */
  follow(job: Followed, resumed?: 'resumed'): void;
  /**
   * Sends the last notifications, within `PATIENCE`, and reports what was not accepted. Called
   * before the report is written: if the process dies in between, the post step does both.
   */
  finish(): Promise<void>;
}

interface Followed {
  readonly trail: Trail;
  readonly request: Pick<Request, 'service' | 'cluster' | 'rollout' | 'source'>;
}

/** GitHub limits the calls of all jobs of a repository together. */
const GAP = 10 * SECOND;
/** Short, because the post step of a cancelled job has little time left. */
const PATIENCE = 20 * SECOND;

export interface NotificationContext {
  readonly env: Environment;
  readonly clock: Clock;
  readonly run: Run;
  readonly mask: (secret: string) => void;
  /** Receives what was not accepted. */
  readonly notice: (message: string) => void;
}

/** GitHub and the webhook, as configured. They never fail or block a release. */
export function openNotifications(
  telling: NotificationSettings,
  { env, clock, run, mask, notice }: NotificationContext,
): Notifications {
  const stop = new AbortController();
  const complaints = createComplaints();
  const { token, webhook, environment } = telling;
  for (const secret of [token, webhook?.url]) if (secret) mask(secret.reveal());
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
      // The main step may have been killed before it sent the end.
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
