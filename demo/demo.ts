import { styleText } from 'node:util';
import { play } from './play.ts';
import { type Result, SCENARIOS, disappointments } from './scenario.ts';
import { openStage } from './stage.ts';
import { table } from './table.ts';

/**
 * Releases good and bad versions of a real service under real load, and tells the story. `node demo/demo.ts [SCENARIO...]`, all
 * by default. Ends with 0 only when each scenario ended as it should.
 */
const names = process.argv.slice(2);
const unknown = names.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no scenario ${unknown.join(', ')}: ${SCENARIOS.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    console.error(`${signal}: cleaning up ...`);
    interrupted.abort(new Error(`stopped by ${signal}`));
  });
}

const began = performance.now();
const say = (text: string) => {
  const seconds = ((performance.now() - began) / 1_000).toFixed(1).padStart(6);
  console.log(`${styleText('dim', seconds)}  ${text}`);
};

const results: Result[] = [];
const stage = await openStage(say);
try {
  for (const scenario of SCENARIOS) {
    if (names.length > 0 && !names.includes(scenario.name)) continue;
    interrupted.signal.throwIfAborted();
    say('');
    say(styleText('bold', `${scenario.name}: ${scenario.story}`));
    const result = await play(
      stage,
      scenario,
      {
        action: (line) => say(`${styleText('dim', '│')} ${line}`),
        users: (line) => say(styleText('cyan', `users: ${line}`)),
      },
      interrupted.signal,
    );
    results.push(result);
    for (const problem of disappointments(result)) say(styleText('red', `NOT AS IT SHOULD BE: ${problem}`));
  }
  console.log(`\n${table(results)}\n\nWhat each run left is in .sandbox/demo/.\n`);
} finally {
  say('cleaning up ...');
  await stage.close();
}
if (results.some((result) => disappointments(result).length > 0)) process.exitCode = 1;
