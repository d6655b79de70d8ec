import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { readTrail } from '../../src/core/trail/trail.ts';
import { demoPage } from './page/page.ts';
import type { Run } from './page/run.ts';
import { play, RECORDINGS } from './play.ts';
import { type Result, SCENARIOS, type Scenario, unmetExpectations } from './scenario.ts';
import { openShopSandbox } from './stage.ts';
import { table } from './table.ts';

/**
 * Releases good and bad versions of a real service under real load, prints what happens, and draws
 * a page of it: .sandbox/demo/index.html.
 *
 *     node test/demo/demo.ts [SCENARIO...]
 *
 * Default: all scenarios. The exit code is 0 only if each scenario ends as expected.
 */
const REQUESTS_A_SECOND = 200;
/** Until a new instance is in service, in milliseconds. */
const LAUNCH_TIME = 25_000;

const began = performance.now();
const interrupted = new AbortController();

function say(text: string): void {
  const seconds = ((performance.now() - began) / 1_000).toFixed(1).padStart(6);
  console.log(`${styleText('dim', seconds)}  ${text}`);
}

async function show(scenarios: readonly Scenario[]): Promise<Result[]> {
  const { signal } = interrupted;
  const results: Result[] = [];
  for (const cluster of [undefined, 'instances'] as const) {
    const here = scenarios.filter((scenario) => scenario.cluster === cluster);
    if (here.length > 0) results.push(...(await showOn(cluster, here)));
    signal.throwIfAborted();
  }
  const page = join(RECORDINGS, 'index.html');
  await writeFile(page, demoPage(results.map(withTrail)));
  console.log(`\n${table(results)}\n\nThe page of these runs: ${page}\n`);
  return results;
}

function withTrail(result: Result): Run {
  return { result, events: readTrail(join(RECORDINGS, result.scenario.name, 'events.jsonl')) };
}

async function showOn(cluster: Scenario['cluster'], scenarios: readonly Scenario[]): Promise<Result[]> {
  const { signal } = interrupted;
  const results: Result[] = [];
  const stage = await openShopSandbox({
    services: ['web'],
    ...(cluster === 'instances' && { instances: { maximum: 3 }, launchTime: LAUNCH_TIME }),
    rate: REQUESTS_A_SECOND,
    boundTo: 'web',
    tell(line) {
      signal.throwIfAborted();
      say(line);
    },
  });
  try {
    for (const scenario of scenarios) {
      signal.throwIfAborted();
      say('');
      say(styleText('bold', `${scenario.name}: ${scenario.story}`));
      const tell = {
        action: (line: string) => say(`${styleText('dim', '│')} ${line}`),
        users: (line: string) => say(styleText('cyan', `users: ${line}`)),
      };
      const result = await play(stage, scenario, tell, signal);
      results.push(result);
      for (const problem of unmetExpectations(result)) say(styleText('red', `NOT AS EXPECTED: ${problem}`));
    }
    return results;
  } finally {
    say('cleaning up ...');
    await stage.close();
  }
}

const names = process.argv.slice(2);
const unknown = names.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
if (unknown.length > 0) {
  const known = SCENARIOS.map(({ name }) => name).join(', ');
  console.error(`There is no scenario ${unknown.join(', ')}: ${known}.`);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interrupted.abort(new Error(`stopped by ${signal}`)));
}
try {
  const named = names.flatMap((wanted) => SCENARIOS.filter(({ name }) => name === wanted));
  const results = await show(names.length === 0 ? SCENARIOS : named);
  process.exitCode = results.some((result) => unmetExpectations(result).length > 0) ? 1 : 0;
} catch (error) {
  console.error(`script/demo: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
