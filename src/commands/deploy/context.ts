import type Docker from 'dockerode';
import type { Clients } from '../../aws/clients.ts';
import type { SessionEnd } from '../../aws/credentials/session-end.ts';
import type { Run } from '../../core/run.ts';
import type { AskAncestry } from './commit-order/ancestry.ts';
import type { Environment } from '../../core/environment.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { Preparation, PreparedRelease } from '../../aws/task-definition/task-definition.ts';
import type { NewEvent } from '../../core/trail/event.ts';
import type { Log } from '../../core/log.ts';

/** The dependencies of a deploy job. */
export interface DeployContext {
  readonly clients: Clients;
  /** When the credentials expire. */
  readonly sessionEnd: SessionEnd;
  readonly docker: () => Promise<Docker>;
  readonly clock: Clock;
  /** Identifies this run to other runs on the same service. */
  readonly run: Run;
  readonly log: Log;
  /** Finds which of two commits is newer; absent: not known. */
  readonly ancestry?: AskAncestry;
  /** The variables for other programs: docker, and the command of a gate. */
  readonly env?: Environment;
  readonly tell: (event: NewEvent) => void;
  /** Prepares a task definition that several services share; absent: for this service only. */
  readonly release?: (preparation: Preparation) => Promise<PreparedRelease>;
  /** Masks a secret in all output. */
  readonly mask: (secret: string) => void;
  /**
   * Aborted when the job is cancelled; its reason is the name of the signal, or an internal error.
   */
  readonly cancelled: AbortSignal;
}
