/**
 * How soon bad canaries are found and how often good ones are blamed, in invented traffic: `npm run bench:judge [-- TIMES]`
 * prints a Markdown table; TIMES as many runs make it more exact.
 */
import type { Recording } from '../../src/judge/recording.ts';
import { DETECTORS, type Detector } from './detector.ts';
import { Random } from './random.ts';
import {
  failing,
  failingBetween,
  healthy,
  MINUTES,
  record,
  slowed,
  slowTail,
  type Behaviour,
  type Scenario,
} from './scenario.ts';

const SEED = 1;
const GOOD_RUNS = 2_000;
const BAD_RUNS = 1_000;

const both = (behaviour: Behaviour) => ({ canary: behaviour, stable: behaviour });
const only = (canary: Behaviour) => ({ canary, stable: healthy });

/** Nothing is wrong with the canary: how often is it rolled back within the hour? */
const GOOD: readonly Scenario[] = [
  { name: 'nothing wrong', requestsPerSecond: 5, ...both(healthy) },
  { name: 'nothing wrong', requestsPerSecond: 50, ...both(healthy) },
  { name: 'nothing wrong', requestsPerSecond: 500, ...both(healthy) },
  { name: '20% slower, as allowed', requestsPerSecond: 50, ...only(slowed(1.2)) },
  { name: 'both fail 5% for 6 min', requestsPerSecond: 50, ...both(failingBetween(0.05, 10, 16)) },
  { name: 'both fail 50% for 6 min', requestsPerSecond: 50, ...both(failingBetween(0.5, 10, 16)) },
  { name: 'canary gets no traffic', requestsPerSecond: 50, share: 0, ...both(healthy) },
];

/** Something is: after how many minutes is it rolled back, and how many of its requests have failed? */
const BAD: readonly Scenario[] = [
  { name: '0.5% errors', requestsPerSecond: 50, ...only(failing(0.005)) },
  { name: '1% errors', requestsPerSecond: 50, ...only(failing(0.01)) },
  { name: '5% errors', requestsPerSecond: 50, ...only(failing(0.05)) },
  { name: '50% errors', requestsPerSecond: 50, ...only(failing(0.5)) },
  { name: '0.2% errors', requestsPerSecond: 500, ...only(failing(0.002)) },
  { name: '0.5% errors', requestsPerSecond: 5, ...only(failing(0.005)) },
  { name: '1% errors', requestsPerSecond: 5, ...only(failing(0.01)) },
  { name: 'twice as slow', requestsPerSecond: 50, ...only(slowed(2)) },
  { name: '2% of requests +1 s', requestsPerSecond: 50, ...only(slowTail(0.02, 10)) },
];

interface Run {
  readonly recording: Recording;
  /** By detector. */
  readonly minutes: readonly (number | null)[];
}

function runs(scenario: Scenario, number: number, seed: number): readonly Run[] {
  return Array.from({ length: number }, (_, run) => {
    const recording = record(scenario, new Random(seed * 1_000_003 + run));
    return { recording, minutes: DETECTORS.map((detector) => detector.detect(recording)) };
  });
}

function blamed(all: readonly Run[], detector: number): string {
  const rolledBack = all.filter(({ minutes }) => minutes[detector] !== null).length;
  return `${Number(((100 * rolledBack) / all.length).toFixed(2))}%`;
}

function found(all: readonly Run[], detector: number): string {
  const minutes = median(all.map((run) => run.minutes[detector] ?? Infinity));
  const failed = median(
    all.map(({ recording, minutes }) => failedUntil(recording, minutes[detector] ?? MINUTES)),
  );
  return `${minutes > MINUTES ? `>${MINUTES}` : minutes}, ${failed}`;
}

const failedUntil = ({ minutes }: Recording, end: number): number =>
  minutes.slice(0, end).reduce((sum, { canary }) => sum + (canary?.errors ?? 0), 0);

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function table(
  heading: string,
  scenarios: readonly Scenario[],
  cells: (scenario: Scenario, index: number) => string[],
) {
  console.log(row([heading, 'requests/s', ...DETECTORS.map(({ name }: Detector) => name)]));
  console.log(row([heading, ...DETECTORS, ''].map(() => '---')));
  scenarios.forEach((scenario, index) => {
    console.log(row([scenario.name, `${scenario.requestsPerSecond}`, ...cells(scenario, index)]));
  });
  console.log();
}

const times = Number(process.argv[2] ?? 1);
if (!(times > 0)) throw new Error(`How many times as many runs? "${process.argv[2]}" is no number above 0.`);
const start = performance.now();

table(`good canary: rolled back within ${MINUTES} min`, GOOD, (scenario, index) => {
  const all = runs(scenario, Math.ceil(GOOD_RUNS * times), SEED + index);
  return DETECTORS.map((_, detector) => blamed(all, detector));
});
table('bad canary: median minutes, failed requests', BAD, (scenario, index) => {
  const all = runs(scenario, Math.ceil(BAD_RUNS * times), SEED + GOOD.length + index);
  return DETECTORS.map((_, detector) => found(all, detector));
});
const seconds = ((performance.now() - start) / 1000).toFixed(0);
console.log(
  `Canary at 10%, otherwise 0.1% errors; ${Math.ceil(GOOD_RUNS * times)} and ${Math.ceil(BAD_RUNS * times)} runs a row, seed ${SEED}, ${seconds} s.`,
);
