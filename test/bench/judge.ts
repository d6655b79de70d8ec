/**
 * Measures how soon this judge and others detect bad canaries, and how often they roll back good
 * ones, in simulated traffic:
 *
 *     npm run bench:judge -- [--full] [--times N] [--seconds N] [--seed N] [--only WORDS] [--write]
 *
 * Takes about three minutes on one core, with --full almost an hour. --times: multiplies the number
 * of rollouts per line. --seconds: adds no more lines after this time. --only: scenarios whose
 * names contain these words. --write: writes docs/judge.md and docs/judge.svg.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chart } from './chart.ts';
import { writeBetweenMarkers } from './document.ts';
import { measure, type Row } from './measure.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { tables } from './table.ts';

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    times: { type: 'string', default: '1' },
    seconds: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
});

const RUNS = values.full
  ? { nothingWrong: 20_000, good: 4_000, bad: 4_000 }
  : { nothingWrong: 3_000, good: 600, bad: 400 };

const LEVELS = [5, 50, 500, 5_000];

const times = numberOf('--times', values.times);

function runsOf({ name, fault }: Scenario): number {
  const runs = fault !== null ? RUNS.bad : name === 'nothing wrong' ? RUNS.nothingWrong : RUNS.good;
  return Math.ceil(runs * times);
}

function numberOf(option: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`${option} ${text}: expected a number above 0.`);
  return number;
}

const seed = numberOf('--seed', values.seed);
const seconds = numberOf('--seconds', values.seconds);
const start = performance.now();
const elapsed = (): number => (performance.now() - start) / 1_000;

const rows: Row[] = [];
for (const [index, scenario] of SCENARIOS.entries()) {
  if (!scenario.name.includes(values.only)) continue;
  for (const [level, requestsPerSecond] of LEVELS.entries()) {
    if (elapsed() > seconds) break;
    const runs = runsOf(scenario);
    rows.push(
      measure({ scenario, requestsPerSecond, runs, seed: seed * 1_000 + index * LEVELS.length + level }),
    );
    console.error(
      `${elapsed().toFixed(0)} s: ${scenario.name}, ${requestsPerSecond} requests/s, ${runs} rollouts`,
    );
  }
}
if (rows.length === 0) throw new Error(`No scenario has "${values.only}" in its name.`);

const text = `${tables(rows)}\n\nSeed ${seed}.`;
console.log(text);
if (values.write) {
  writeBetweenMarkers(new URL('../../docs/judge.md', import.meta.url), 'bench:judge', text);
  writeFileSync(new URL('../../docs/judge.svg', import.meta.url), chart(rows));
}
