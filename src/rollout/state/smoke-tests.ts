import type { RolloutRequest } from '../../core/request.ts';
import { MINUTE } from '../../core/time/clock.ts';
import type { SmokeTested } from '../../core/trail/event.ts';
import type { SmokeResult } from '../observation.ts';
import type { RolloutPorts } from '../ports.ts';
import type { ProgressLog } from './progress-log.ts';

/** How long requests that cannot be sent are tried again: a name may not resolve for some seconds. */
const TRY_AGAIN_FOR = MINUTE;

/** The smoke tests and their result. */
export class SmokeTests {
  readonly #ports: Pick<RolloutPorts, 'smokeTest' | 'tell' | 'clock'>;
  readonly #progressLog: ProgressLog;
  #result: SmokeResult;
  /** Since when requests cannot be sent. */
  #unsentSince: number | null = null;

  constructor(
    { smokeTests }: Pick<RolloutRequest, 'smokeTests'>,
    ports: Pick<RolloutPorts, 'smokeTest' | 'tell' | 'clock'>,
    progressLog: ProgressLog,
  ) {
    this.#ports = ports;
    this.#progressLog = progressLog;
    this.#result = smokeTests.length > 0 ? 'to do' : 'not wanted';
  }

  get result(): SmokeResult {
    return this.#result;
  }

  get haveFailed(): boolean {
    return typeof this.#result === 'object';
  }

  async run(): Promise<void> {
    this.#progressLog.waitFor('the smoke tests through the test listener', null, null);
    const results = await this.#ports.smokeTest();
    const failed = results.find(({ problem }) => problem !== null);
    if (failed?.unsent) {
      const now = this.#ports.clock.now();
      this.#unsentSince ??= now;
      if (now - this.#unsentSince < TRY_AGAIN_FOR) return;
    }
    for (const result of results) this.#ports.tell(result);
    this.#result = failed ? resultOf(failed) : 'passed';
  }
}

function resultOf({ url, problem, unsent }: SmokeTested): SmokeResult {
  return unsent
    ? {
        cause: 'problem',
        problem: `the smoke test could not be made, which says nothing about the new revision: ${url} ${problem}`,
      }
    : { cause: 'smoke-test', problem: `smoke test ${url} ${problem}` };
}
