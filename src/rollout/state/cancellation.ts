import type { RolloutRequest } from '../../core/request.ts';
import type { Observation } from '../observation.ts';

/** Somebody asks to stop: the job is cancelled, or a mistake of our own was caught. Kept: whether a look has heard it. */
export class Cancellation {
  readonly #cancelled: AbortSignal;
  readonly #onCancel: RolloutRequest['onCancel'];
  #isHeard = false;

  constructor(cancelled: AbortSignal, { onCancel }: Pick<RolloutRequest, 'onCancel'>) {
    this.#cancelled = cancelled;
    this.#onCancel = onCancel;
  }

  /** Before anything is read: a look that fails has heard it too, and the next one waits its turn. */
  hear(): void {
    this.#isHeard = this.#cancelled.aborted;
  }

  get isHeard(): boolean {
    return this.#isHeard;
  }

  /** Whether it is the way back that is asked for, heard or not. */
  get isForRollback(): boolean {
    const { aborted, reason } = this.#cancelled;
    return aborted && (this.#onCancel === 'rollback' || reason instanceof Error);
  }

  /** A cancelled job must not sleep on; once that was heard, the pace is the usual one. */
  get wakeUp(): AbortSignal | undefined {
    return this.#isHeard ? undefined : this.#cancelled;
  }

  /** Calls back as soon as somebody asks, until what is returned is called. */
  listen(callback: () => void): () => void {
    this.#cancelled.addEventListener('abort', callback);
    return () => this.#cancelled.removeEventListener('abort', callback);
  }

  /** Who asked, if anybody was heard. */
  get asked(): Pick<Observation, 'cancelled' | 'ownMistake'> {
    if (!this.#isHeard) return { cancelled: null, ownMistake: null };
    const { reason } = this.#cancelled;
    return reason instanceof Error
      ? { cancelled: null, ownMistake: reason.message }
      : { cancelled: String(reason), ownMistake: null };
  }
}
