import { deepEqual } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../../../sandbox/sandbox.ts';
import { HOUR, MINUTE } from '../../../src/core/time/clock.ts';
import { startCli, type Cli } from './cli.ts';
import { CLI_COMMANDS } from './commands.ts';
import type { CliCommand } from './commands.ts';
import { comparable } from './comparable.ts';

/**
 * Runs the same commands with two versions of the AWS CLI, each against its own sandbox, and
 * compares the answers. The versions differ in protocols and models.
 *
 *     node test/conformance/clis/run.ts OLD NEW
 *
 * OLD and NEW: the Pythons in which the CLIs are installed.
 */
const pythons = process.argv.slice(2);
if (pythons.length !== 2) throw new Error('usage: node test/conformance/clis/run.ts OLD NEW');

/** An answer or an error code. */
type CliAnswer = { readonly answer: unknown } | { readonly refused: string };

async function answersOf(python: string): Promise<readonly CliAnswer[]> {
  const sandbox = await startSandbox({ engine: null, metricLag: 0 });
  const cli = startCli(python, {
    ...process.env,
    ...sandbox.environment,
    AWS_PAGER: '',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  const kept = new Map([
    ['from', new Date(Date.now() - HOUR).toISOString()],
    // A minute that has ended, so that both CLIs get the same values.
    ['ago', new Date(Date.now() - 10 * MINUTE).toISOString()],
    ['to', new Date(Date.now() + HOUR).toISOString()],
    ['none', 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/none/0123456789abcdef'],
  ]);
  const answers: CliAnswer[] = [];
  try {
    for (const command of CLI_COMMANDS) answers.push(await settled(cli, command, sandbox.endpoint, kept));
  } finally {
    cli.close();
    await sandbox.close();
  }
  return answers;
}

/** Number of tries for an answer that still changes, one every PAUSE milliseconds. */
const TRIES = 100;
const PAUSE = 200;

async function settled(
  cli: Cli,
  command: CliCommand,
  endpoint: string,
  kept: Map<string, string>,
): Promise<CliAnswer> {
  for (let tries = 1; ; tries += 1) {
    const told = await run(cli, command, endpoint, kept);
    const { until } = command;
    if (!until || !('answer' in told) || memberAt(told.answer, until.at) === until.is) return told;
    if (tries === TRIES) throw new Error(`aws ${command.words.join(' ')}: did not become ${until.is}`);
    await sleep(PAUSE);
  }
}

async function run(
  cli: Cli,
  command: CliCommand,
  endpoint: string,
  kept: Map<string, string>,
): Promise<CliAnswer> {
  const words = command.words.map((word) =>
    word.replace(/\$(\w+)/g, (_, name: string) => kept.get(name) ?? name),
  );
  const { stdout, stderr } = await cli.run([...words, '--endpoint-url', endpoint, '--output', 'json']);
  const code = /An error occurred \((\w+)\)/.exec(stderr)?.[1];
  if (code !== command.refused || (stderr !== '' && code === undefined))
    throw new Error(`aws ${words.join(' ')}: ${stderr.trim() || 'was not refused'}`);
  if (code !== undefined) return { refused: code };
  const answer: unknown = stdout.trim() === '' ? null : JSON.parse(stdout);
  if (command.keep) kept.set(command.keep.as, String(memberAt(answer, command.keep.at)));
  return { answer };
}

function memberAt(answer: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    answer,
  );
}

const [old, recent] = await Promise.all(pythons.map(answersOf));
let different = 0;
CLI_COMMANDS.forEach(({ words }, index) => {
  const [first, second] = comparable(old![index], recent![index]);
  try {
    deepEqual(first, second);
  } catch (error) {
    different += 1;
    console.log(`${words.join(' ')}: ${error instanceof Error ? error.message : String(error)}`);
  }
});
console.log(
  `${CLI_COMMANDS.length} commands: ${different === 0 ? 'both CLIs get the same answers' : `${different} differ`}.`,
);
if (different > 0) process.exitCode = 1;
