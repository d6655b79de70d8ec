import type { RolloutRequest } from '../../core/request.ts';
import type { Observation } from '../observation.ts';

/**
 * A requested stop: the job is cancelled, or an internal error was caught. Records whether an
 * observation has noticed it.
 */
export class Cancellation {
  readonly #cancelled: AbortSignal;
  readonly #onCancel: RolloutRequest['onCancel'];
  #isHeard = false;

  constructor(cancelled: AbortSignal, { onCancel }: Pick<RolloutRequest, 'onCancel'>) {
    this.#cancelled = cancelled;
    this.#onCancel = onCancel;
  }

  /**
   * Called before anything is read, so that an observation that fails has noticed the stop too and
   * the next one waits its turn.
   */
  hear(): void {
    this.#isHeard = this.#cancelled.aborted;
  }

  get isHeard(): boolean {
    return this.#isHeard;
  }

  /** Whether the stop requires a rollback, noticed or not. */
  get isForRollback(): boolean {
    const { aborted, reason } = this.#cancelled;
    return aborted && (this.#onCancel === 'rollback' || reason instanceof Error);
  }

  /**
   * Ends the current sleep when the job is cancelled. After that was noticed, the interval is the
   * usual one.
   */
  get wakeUp(): AbortSignal | undefined {
    return this.#isHeard ? undefined : this.#cancelled;
  }

  /** Calls `callback` when a stop is requested, until the returned function is called. */
  listen(callback: () => void): () => void {
    this.#cancelled.addEventListener('abort', callback);
    return () => this.#cancelled.removeEventListener('abort', callback);
  }

  /** The requested stop, if it was noticed. */
  get asked(): Pick<Observation, 'cancelled' | 'ownMistake'> {
    if (!this.#isHeard) return { cancelled: null, ownMistake: null };
    const { reason } = this.#cancelled;
    return reason instanceof Error
      ? { cancelled: null, ownMistake: reason.message }
      : { cancelled: String(reason), ownMistake: null };
  }
}
