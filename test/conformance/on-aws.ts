import { writeFile } from 'node:fs/promises';
import { SECOND, systemClock } from '../../src/core/time/clock.ts';
import { STORIES } from './assumptions/stories.ts';
import { createAws } from './aws.ts';
import { readCommandLine, USAGE, UsageMistake } from './command-line.ts';
import type { CommandLine } from './command-line.ts';
import { contractCases } from './contract/cases.ts';
import { estimate, isGood, report } from './report.ts';
import { cleanUp } from './stack/clean-up.ts';
import { markOf, verify } from './verify.ts';
import type { Verdict } from './verify.ts';

const onProgress = (line: string) => console.error(line);

/** Runs script/verify-on-aws. Returns the exit code. */
async function main(): Promise<number> {
  const known = STORIES.flatMap(({ checks }) => checks);
  const commandLine = readCommandLine(process.argv.slice(2), known);
  if (commandLine === 'help') {
    console.log(USAGE);
    return 0;
  }
  const { checks, contract, region, prefix, what } = commandLine;
  const stories = STORIES.filter(
    (story) => checks.length === 0 || story.checks.some((id) => checks.includes(id)),
  );
  if (what === 'clean up') {
    const mark = markOf(prefix);
    const left = await cleanUp(
      { aws: createAws({ region }, mark), mark, clock: systemClock, withGround: true },
      onProgress,
    );
    for (const each of left) console.error(`could not be removed: ${each}`);
    return left.length > 0 ? 1 : 0;
  }
  if (what === 'rehearse') {
    // Imported here, because only --rehearse uses the sandbox.
    const { rehearse } = await import('./rehearsal.ts');
    return printReport(commandLine, await rehearse({ stories, onProgress, ...(!contract && { cases: [] }) }));
  }
  const { minutes, dollars } = estimate(stories, contract);
  console.error(
    `In ${region}: a cluster, a load balancer${contract ? ' (and another one for the contract)' : ''}, target groups, a service of two small ` +
      `Fargate tasks, a log group, alarms; roles and a security group, unless you give your own. All are named ${prefix}..., tagged ` +
      `ecs-ramp-verify=${prefix}, and removed at the end. About ${minutes} minutes, and about $${dollars.toFixed(2)}` +
      `${contract ? '; a few custom metrics remain until CloudWatch removes them' : ''}.`,
  );
  if (what === 'tell') {
    console.error('Nothing was created: add --yes to run.');
    return 0;
  }
  return printReport(
    commandLine,
    await verify({
      aws: {},
      subject: 'aws',
      clock: systemClock,
      region,
      prefix,
      image: commandLine.image,
      ground: commandLine.ground,
      cases: contract ? contractCases : [],
      stories,
      askAt: (host) => (path, headers) =>
        fetch(`http://${host}${path}`, { headers: { ...headers }, signal: AbortSignal.timeout(10 * SECOND) }),
      signal: interrupted(),
      onProgress,
    }),
  );
}

async function printReport({ reportFile }: CommandLine, verdict: Verdict): Promise<number> {
  const text = report(verdict);
  console.log(text);
  if (reportFile !== null) await writeFile(reportFile, text);
  return isGood(verdict) ? 0 : 1;
}

/** Aborted by the first signal. Everything that was created is still removed. */
function interrupted(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      onProgress(`${signal}: removing everything that was created. Wait for it, or use --clean-up later.`);
      controller.abort();
    });
  }
  return controller.signal;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof UsageMistake) console.error(`${error.message}\n\n${USAGE}`);
  else console.error(`script/verify-on-aws: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = error instanceof UsageMistake ? 2 : 1;
}
