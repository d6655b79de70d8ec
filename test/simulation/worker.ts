// A worker thread of `npm run simulate`.
import { parentPort, workerData } from 'node:worker_threads';
import { killEverywhere } from './crash.ts';
import { runTrial } from './run-trial.ts';
import { SCENARIOS } from './scenarios.ts';
import { trialOf, type Trial } from './trial.ts';
import { secondRunTrialOf } from './turns.ts';
import { rollingTrialOf } from './rolling.ts';
import { crashOutcomeOf, outcomeOf, type TrialOutcome } from './outcome-table.ts';

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
      readonly trials: 'plain' | 'rivals' | 'rolling';
    }
  | { readonly kind: 'crashes'; readonly scenarios: readonly string[] };

const TRIALS = { plain: trialOf, rivals: secondRunTrialOf, rolling: rollingTrialOf } as const;

async function seeds({ first, step, last, seam, trials }: Extract<Work, { kind: 'seeds' }>): Promise<void> {
  for (let seed = first; seed <= last; seed += step) {
    const trial = TRIALS[trials](seed, seam);
    try {
      report(outcomeOf(await runTrial(trial)));
    } catch (error) {
      throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
    }
  }
}

async function crashes({ scenarios }: Extract<Work, { kind: 'crashes' }>): Promise<void> {
  for (const name of scenarios) {
    for await (const result of killEverywhere(SCENARIOS[name]!)) report(crashOutcomeOf(name, result));
  }
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- given by simulate.ts
const work = workerData as Work;
await (work.kind === 'seeds' ? seeds(work) : crashes(work));
