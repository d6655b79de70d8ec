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

/** What script/verify-on-aws does. Answers the exit code. */
async function main(): Promise<number> {
  const known = STORIES.flatMap(({ checks }) => checks);
  const asked = readCommandLine(process.argv.slice(2), known);
  if (asked === 'help') {
    console.log(USAGE);
    return 0;
  }
  const { checks, contract, region, prefix, what } = asked;
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
    // the sandbox is loaded only by who wants it
    const { rehearse } = await import('./rehearsal.ts');
    return tell(asked, await rehearse({ stories, onProgress, ...(!contract && { cases: [] }) }));
  }
  const { minutes, dollars } = estimate(stories, contract);
  console.error(
    `In ${region}: a cluster, a load balancer${contract ? ' (and another one for the contract)' : ''}, target groups, a service of two small ` +
      `Fargate tasks, a log group, alarms; roles and a security group unless given. All are named ${prefix}..., tagged ` +
      `ecs-ramp-verify=${prefix}, and removed at the end. About ${minutes} minutes, and about $${dollars.toFixed(2)}` +
      `${contract ? '; a few custom metrics stay until CloudWatch forgets them' : ''}.`,
  );
  if (what === 'tell') {
    console.error('Nothing was done: add --yes to begin.');
    return 0;
  }
  return tell(
    asked,
    await verify({
      aws: {},
      subject: 'aws',
      clock: systemClock,
      region,
      prefix,
      image: asked.image,
      ground: asked.ground,
      cases: contract ? contractCases : [],
      stories,
      askAt: (host) => (path, headers) =>
        fetch(`http://${host}${path}`, { headers: { ...headers }, signal: AbortSignal.timeout(10 * SECOND) }),
      signal: interrupted(),
      onProgress,
    }),
  );
}

async function tell({ reportFile }: CommandLine, verdict: Verdict): Promise<number> {
  const text = report(verdict);
  console.log(text);
  if (reportFile !== null) await writeFile(reportFile, text);
  return isGood(verdict) ? 0 : 1;
}

/** Aborted by the first signal; what was made is still removed. */
function interrupted(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      onProgress(`${signal}: removing what was made; wait for it, or use --clean-up later.`);
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
