import type { Clients } from '../../aws/clients.ts';
import type { Run } from '../../core/run.ts';
import type { Clock, Milliseconds } from '../../core/time/clock.ts';
import type { NewEvent } from '../../core/trail/event.ts';

/** The dependencies of a rollback. */
export interface RollbackContext {
  readonly clients: Clients;
  readonly clock: Clock;
  /** Identifies this run to other runs on the same service. */
  readonly run: Run;
  readonly tell: (event: NewEvent) => void;
  /** Aborted when the job is cancelled; its reason is the name of the signal. */
  readonly cancelled: AbortSignal;
  /** Who requested the rollback, for the start of a sentence. */
  readonly by: string;
  /** Why, as a sentence without a full stop. Absent: somebody requested the rollback. */
  readonly because?: string;
  /** How long ECS may take to finish; absent: the default of a rollout. */
  readonly patience?: Milliseconds;
}
