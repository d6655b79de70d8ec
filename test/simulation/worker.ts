// A worker thread of `npm run simulate`.
import { parentPort, workerData } from 'node:worker_threads';
import { killsOf } from './crash.ts';
import { runTrial } from './run-trial.ts';
import { SCENARIOS } from './scenarios.ts';
import { trialOf, type Trial } from './trial.ts';
import { secondRunTrialOf } from './turns.ts';
import { platformTrialOf } from './platform.ts';
import { rollingTrialOf } from './rolling.ts';
import {
  crashOutcomeOf,
  failedOutcomeOf,
  killAgain,
  outcomeOf,
  seedAgain,
  type TrialOutcome,
} from './outcome-table.ts';

const report = (tried: TrialOutcome): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
  parentPort!.postMessage(tried);
};

/** The trials that one worker runs. */
export type Work =
  | {
      readonly kind: 'seeds';
      readonly first: number;
      readonly step: number;
      readonly last: number;
      readonly seam: Trial['seam'];
      readonly trials: 'plain' | 'rivals' | 'rolling' | 'platform';
    }
  | { readonly kind: 'crashes'; readonly scenarios: readonly string[] };

const TRIALS = {
  plain: trialOf,
  rivals: secondRunTrialOf,
  rolling: rollingTrialOf,
  platform: platformTrialOf,
} as const;

async function seeds({ first, step, last, seam, trials }: Extract<Work, { kind: 'seeds' }>): Promise<void> {
  for (let seed = first; seed <= last; seed += step) {
    const trial = TRIALS[trials](seed, seam);
    await tell(trial.release.kind, seedAgain(trial), async () => outcomeOf(await runTrial(trial)));
  }
}

async function crashes({ scenarios }: Extract<Work, { kind: 'crashes' }>): Promise<void> {
  for (const name of scenarios) {
    const trial = SCENARIOS[name]!;
    for (const kill of await killsOf(trial)) {
      await tell(name, killAgain(name, kill), async () => crashOutcomeOf(name, await runTrial(trial, kill)));
    }
  }
}

/** Reports a trial. An error of the simulation is its result; the other trials go on. */
async function tell(kind: string, again: string, run: () => Promise<TrialOutcome>): Promise<void> {
  failed = (error) => failedOutcomeOf(kind, again, error);
  report(await run().catch(failed));
}

/** The outcome of the current trial after an error of the simulation. */
let failed = (error: unknown): TrialOutcome => failedOutcomeOf('no trial', '', error);
process.on('unhandledRejection', (error) => report(failed(error)));

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- given by simulate.ts
const work = workerData as Work;
await (work.kind === 'seeds' ? seeds(work) : crashes(work));
