import type Docker from 'dockerode';
import type { Clients } from '../../aws/clients.ts';
import type { SessionEnd } from '../../aws/credentials/session-end.ts';
import type { Run } from '../../core/run.ts';
import type { AskAncestry } from './commit-order/ancestry.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { Preparation, PreparedRelease } from '../../aws/task-definition/task-definition.ts';
import type { NewEvent } from '../../core/trail/event.ts';
import type { Log } from '../../core/log.ts';

/** What the whole job needs of the world. */
export interface DeployContext {
  readonly clients: Clients;
  /** When their credentials stop working. */
  readonly sessionEnd: SessionEnd;
  readonly docker: () => Promise<Docker>;
  readonly clock: Clock;
  /** Who this process is to others that want to act on the service. */
  readonly run: Run;
  readonly log: Log;
  /** Which of two commits is newer; left out: nobody can tell. */
  readonly ancestry?: AskAncestry;
  /** The job's variables, for what is run for a gate. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly tell: (event: NewEvent) => void;
  /** How the task definition is made ready where several services share it; left out, for this service alone. */
  readonly release?: (preparation: Preparation) => Promise<PreparedRelease>;
  /** Hides a secret wherever it would be printed. */
  readonly mask: (secret: string) => void;
  /** Aborted when the job is cancelled; its reason is the signal's name, or the mistake of our own that nobody expected. */
  readonly cancelled: AbortSignal;
}
