// `npm run simulate`: runs many random trials, one trial, all crash points or a fleet.
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { errorText } from '../../src/core/failure.ts';
import { logLines } from '../../src/report/log.ts';
import { runTrial, type Kill, type TrialResult } from './run-trial.ts';
import { SCENARIOS } from './scenarios.ts';
import { trialOf, type Trial } from './trial.ts';
import { secondRunTrialOf } from './turns.ts';
import { failedOutcomeOf, Tally, TRIAL_ENDS, type TrialOutcome } from './outcome-table.ts';
import { platformTrialOf } from './platform.ts';
import { rollingTrialOf } from './rolling.ts';
import type { Work } from './worker.ts';

const USAGE = `npm run simulate -- [--seeds 1000] [--sdk 200] [--rivals 1000] [--rolling 1000] [--platform 1000] [--crashes]   random rollouts: direct, through the whole SDK, with a second run for the same service, rolling updates, on instances and Spot; and all crash points
npm run simulate -- --first-seed N [...]                                 the same with other seeds: from N on
npm run simulate -- --seed N --story [--sdk 1|--rivals 1|--rolling 1|--platform 1]                one of them; --story prints its trial and log
npm run simulate -- --scenario NAME [--kill before:CALL:nobody|run-again|post-step|reconcile] [--story]
npm run simulate -- --fleet 50                                           rollouts of 50 services at once, within the account's limits`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    'first-seed': { type: 'string', default: '1' },
    sdk: { type: 'string' },
    rivals: { type: 'string' },
    rolling: { type: 'string' },
    platform: { type: 'string' },
    crashes: { type: 'boolean', default: false },
    scenario: { type: 'string' },
    fleet: { type: 'string' },
    kill: { type: 'string' },
    story: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const WORKERS = 2;
const LAST_FIRST_SEED = 2_000_000_000;
/** Rollouts create many short-lived objects. A large young generation saves garbage collections. */
const resourceLimits = { maxYoungGenerationSizeMb: 192 };

if (values.help) console.log(USAGE);
else if (values.fleet !== undefined) await fleet(Number(values.fleet));
else if (values.seed !== undefined || values.scenario !== undefined) await one();
else await many();

/** With ecs-ramp's default inputs, the full account limits and some faults. */
async function fleet(services: number): Promise<void> {
  const [{ playFleet }, { reportOf }] = await Promise.all([
    import('./fleet.ts'),
    import('./fleet-report.ts'),
  ]);
  const began = performance.now();
  const result = await playFleet({ services, seed: 1, limits: 1, noise: 0.005, rollout: {} });
  const { broken, lines } = reportOf(result);
  const took = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`${services} services at once: simulated in ${took} s, ${broken.length} promises broken`);
  for (const line of [...lines, ...broken.map((text) => `  BROKEN: ${text}`)]) console.log(line);
  if (broken.length > 0) process.exitCode = 1;
}

async function one(): Promise<void> {
  const trial = chosen();
  const kill = values.kill === undefined ? null : killOf(values.kill);
  const result = await runTrial(trial, kill).catch((error: unknown) => errorText(error));
  if (typeof result === 'string') {
    console.log(`BROKEN: ${TRIAL_ENDS}: ${result}`);
    process.exitCode = 1;
    return;
  }
  if (values.story) printStory(result);
  for (const { invariant, detail, at } of result.violations)
    console.log(`BROKEN at ${new Date(at).toISOString()}: ${invariant}: ${detail}`);
  const outcome = result.finished?.outcome ?? 'killed';
  console.log(`${outcome}, ${result.calls} calls of AWS, ${result.violations.length} invariants broken`);
  if (result.violations.length > 0) process.exitCode = 1;
}

function chosen(): Trial {
  if (values.scenario === undefined && values.rivals !== undefined)
    return secondRunTrialOf(Number(values.seed));
  if (values.scenario === undefined && values.rolling !== undefined)
    return rollingTrialOf(Number(values.seed));
  if (values.scenario === undefined && values.platform !== undefined)
    return platformTrialOf(Number(values.seed));
  if (values.scenario === undefined)
    return trialOf(Number(values.seed), values.sdk === undefined ? 'direct' : 'sdk');
  const scenario = SCENARIOS[values.scenario];
  if (scenario) return scenario;
  throw new Error(`There is no scenario ${values.scenario}: ${Object.keys(SCENARIOS).join(', ')}.`);
}

function killOf(text: string): Kill {
  const [when, call, afterwards] = text.split(':');
  const next = afterwards?.replace('-', ' ');
  if (
    (when === 'before' || when === 'after') &&
    Number.isInteger(Number(call)) &&
    (next === 'nobody' || next === 'run again' || next === 'post step' || next === 'reconcile')
  ) {
    return { when, call: Number(call), next };
  }
  throw new Error(
    `--kill ${text}: expected before:CALL:nobody, run-again, post-step or reconcile, or after:...`,
  );
}

function printStory({ trial, events }: TrialResult): void {
  console.log(JSON.stringify(trial, null, 2));
  for (const event of events) for (const line of logLines(event)) console.log(line);
}

async function many(): Promise<void> {
  const firstSeed = firstSeedOf(values['first-seed']);
  console.log(`seeds from ${firstSeed} on; to try them again: --first-seed ${firstSeed}`);
  const seedWork = (count: number, seam: Trial['seam'], trials: Trials = 'plain') =>
    shared({ kind: 'seeds', first: firstSeed, last: firstSeed + count - 1, seam, trials });
  const seeds = Number(values.seeds ?? 1_000);
  const throughSdk = Number(values.sdk ?? 0);
  const rivals = Number(values.rivals ?? Math.ceil(seeds / 10));
  const rolling = Number(values.rolling ?? Math.ceil(seeds / 10));
  const platform = Number(values.platform ?? Math.ceil(seeds / 10));
  let broken = 0;
  broken += await round(`${seeds} random rollouts`, seedWork(seeds, 'direct'));
  if (throughSdk > 0) {
    broken += await round(`${throughSdk} random rollouts through the whole SDK`, seedWork(throughSdk, 'sdk'));
  }
  if (rivals > 0)
    broken += await round(
      `${rivals} with a second run for the service`,
      seedWork(rivals, 'direct', 'rivals'),
    );
  if (rolling > 0)
    broken += await round(`${rolling} rolling updates`, seedWork(rolling, 'direct', 'rolling'));
  if (platform > 0)
    broken += await round(`${platform} on a platform that changes`, seedWork(platform, 'direct', 'platform'));
  if (values.crashes) broken += await round('killed at every call', crashWork());
  if (broken > 0) process.exitCode = 1;
}

type SeedWork = Extract<Work, { kind: 'seeds' }>;
type Trials = SeedWork['trials'];

/** Half of the seeds for each of two workers. */
function shared(work: Omit<SeedWork, 'step'>): Work[] {
  return Array.from({ length: WORKERS }, (_, index) => ({
    ...work,
    first: work.first + index,
    step: WORKERS,
  }));
}

function firstSeedOf(text: string): number {
  const seed = Number(text);
  if (Number.isInteger(seed) && seed > 0 && seed <= LAST_FIRST_SEED) return seed;
  console.error(`--first-seed ${text}: expected a whole number from 1 to ${LAST_FIRST_SEED}.`);
  process.exit(2);
}

function crashWork(): Work[] {
  const names = Object.keys(SCENARIOS);
  return Array.from({ length: WORKERS }, (_, index) => ({
    kind: 'crashes',
    scenarios: names.filter((__, place) => place % WORKERS === index),
  }));
}

async function round(title: string, works: readonly Work[]): Promise<number> {
  const began = performance.now();
  const tally = new Tally();
  await Promise.all(
    works.map(
      (workerData) =>
        new Promise<void>((resolve) => {
          const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData, resourceLimits });
          worker.on('message', (tried: TrialOutcome) => tally.add(tried));
          worker.on('error', (error) => tally.add(failedOutcomeOf('thread', '', error)));
          worker.on('exit', () => resolve());
        }),
    ),
  );
  console.log(
    `${title}: ${tally.count} simulated in ${((performance.now() - began) / 1000).toFixed(0)} s, ${tally.broken} invariants broken`,
  );
  for (const line of tally.lines()) console.log(line);
  return tally.broken;
}
