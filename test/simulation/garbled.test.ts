import { expect, jest, test } from '@jest/globals';
import { annotations } from '../../src/report/annotations.ts';
import { logLines } from '../../src/report/log.ts';
import { outputs } from '../../src/report/outputs.ts';
import { renderSummary } from '../../src/report/summary.ts';
import type { Event } from '../../src/core/trail/event.ts';
import type { Call } from '../support/direct-clients.ts';
import { immediate } from '../support/virtual-clock.ts';
import { Chance } from './chance.ts';
import { createGarbler, type Garbling } from './garble.ts';
import { runTrial } from './run-trial.ts';
import { SCENARIOS } from './scenarios.ts';

// FUZZ_RUNS=20000 takes half an hour.
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 0);
const FIRST = Number(process.env['FUZZ_SEED'] ?? 1);
jest.setTimeout(RUNS > 0 ? 24 * 60 * 60 * 1_000 : 120_000);

/** Whose AWS talks nonsense may end in doubt, and leave to the next run what it could not read. */
const EXCUSED = new Set([
  'dirty only where something was in the way',
  'nothing of ours is left behind',
  'the next run removes what was left behind',
]);
const NOT_FOR_PEOPLE = /NaN|undefined|Invalid Date|Infinity|\[object|Cannot read|is not a function/;

/** Plays one whole rollout in which some of AWS's answers are spoilt. What is wrong with it, and what was spoilt. */
async function playGarbled(seed: number): Promise<string[]> {
  const chance = new Chance(seed);
  const name = chance.oneOf('good', 'errors', 'crash', 'inconclusive', 'slow');
  const garbling: Garbling = {
    count: chance.whole(1, 3),
    among: chance.oneOf(30, 400),
    lasting: chance.happens(0.4),
  };
  const garbler = createGarbler(chance, garbling);
  const { events, violations } = await runTrial(
    { ...SCENARIOS[name]!, seed },
    null,
    immediate,
    garbler.answer,
  );
  return [
    ...violations
      .filter(({ invariant }) => !EXCUSED.has(invariant))
      .map(({ invariant, detail }) => `${invariant}: ${detail}`),
    ...report(events).filter((line) => NOT_FOR_PEOPLE.test(line)),
  ].map((problem) => `seed ${seed} ${name}: ${problem} (${garbler.done.join('; ')})`);
}

function report(events: readonly Event[]): readonly string[] {
  renderSummary(events);
  annotations(events);
  const told = outputs(events, { eventsFile: '', summaryFile: '', recordingFile: '' });
  return [...events.flatMap(logLines), ...Object.values(told)];
}

test('whatever AWS answers in 25 whole rollouts, no promise is broken and every end is told in words', async () => {
  const broken: string[] = [];
  for (let seed = FIRST; seed < FIRST + (RUNS || 25); seed++) broken.push(...(await playGarbled(seed)));
  expect(broken).toEqual([]);
});

/** What a good release ends in when one operation answers so from the first time on. */
async function ending(operation: string, garbled: (output: unknown) => unknown) {
  const answer = (call: Call, output: unknown) => (call.operation === operation ? garbled(output) : output);
  const { finished, events, violations } = await runTrial(SCENARIOS['good']!, null, immediate, answer);
  report(events);
  const broken = violations.filter(({ invariant }) => !EXCUSED.has(invariant));
  return { outcome: finished?.outcome, reason: finished?.reason, broken };
}

const withoutTags = (output: unknown): unknown =>
  JSON.parse(JSON.stringify(output), (name, value: unknown) => (name === 'tags' ? undefined : value));

const page = (): never => {
  throw Object.assign(new Error('Unexpected token <'), {
    name: 'SyntaxError',
    $metadata: { httpStatusCode: 200 },
  });
};

test.each([
  ['DescribeTaskDefinition', 'no task definition', 'failed', () => ({})],
  ['DescribeServices', 'a page of a proxy', 'failed', page],
  ['DescribeServices', 'no tags', 'failed', withoutTags],
  ['UpdateService', 'a page of a proxy, though it took effect', 'deployed', page],
  ['DescribeRules', 'no rule', 'failed', () => ({ Rules: [] })],
  ['DescribeTargetHealth', 'no target', 'dirty', () => ({})],
  ['GetMetricData', 'no metric', 'rolled-back', () => ({})],
  ['DescribeServiceDeployments', 'none', 'dirty', () => ({})],
])('%s answers with %s: %s', async (operation, _, outcome, garbled) => {
  const end = await ending(operation, garbled);
  expect(end).toMatchObject({ outcome, broken: [] });
  expect(end.reason).not.toContain('in a way it should not');
});

test('a listener rule that is in no answer any more once the rollout runs is not taken for verified', async () => {
  let looks = 0;
  const end = await ending('DescribeRules', (output) => (++looks > 6 ? { Rules: [] } : output));
  expect(end).toMatchObject({ outcome: 'dirty', broken: [] });
});
