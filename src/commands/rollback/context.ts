import type { Clients } from '../../aws/clients.ts';
import type { Run } from '../../core/run.ts';
import type { Clock, Milliseconds } from '../../core/time/clock.ts';
import type { NewEvent } from '../../core/trail/event.ts';

/** What a rollback needs of the world. */
export interface RollbackContext {
  readonly clients: Clients;
  readonly clock: Clock;
  /** Who this process is to others that want to act on the service. */
  readonly run: Run;
  readonly tell: (event: NewEvent) => void;
  /** Aborted when the job is cancelled; its reason is the signal's name. */
  readonly cancelled: AbortSignal;
  /** Who asked for it, at the beginning of a sentence. */
  readonly by: string;
  /** How long ECS may take to finish. Absent: as long as a rollout's own rollback. */
  readonly patience?: Milliseconds;
}
