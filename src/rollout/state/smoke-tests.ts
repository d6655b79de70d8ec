import type { RolloutRequest } from '../../core/request.ts';
import type { SmokeResult } from '../observation.ts';
import type { RolloutPorts } from '../ports.ts';
import type { ProgressLog } from './progress-log.ts';

/** The smoke tests and their result. */
export class SmokeTests {
  readonly #ports: Pick<RolloutPorts, 'smokeTest' | 'tell'>;
  readonly #progressLog: ProgressLog;
  #result: SmokeResult;

  constructor(
    { smokeTests }: Pick<RolloutRequest, 'smokeTests'>,
    ports: Pick<RolloutPorts, 'smokeTest' | 'tell'>,
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
    for (const result of results) this.#ports.tell(result);
    const failed = results.find(({ problem }) => problem !== null);
    this.#result = failed ? { problem: `smoke test ${failed.url} ${failed.problem}` } : 'passed';
  }
}
