import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Event } from '../../src/core/trail/event.ts';
import { expectOutcome } from '../support/live-sandbox.ts';
import { serveAws, type ServedAws } from '../support/served-aws.ts';
import { startGitHubTokens } from '../support/github-tokens.ts';

jest.setTimeout(120_000);

/** A Node option that makes the process run `how` on SIGUSR2. Only for tests. */
const breaking = (how: string) =>
  `--import=data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2',()=>{${how}})`)}`;

const atStep = (percent: number) => (event: Event) =>
  event.kind === 'step-started' && event.percent === percent;

async function serviceOf({ aws }: ServedAws) {
  const ecs = await aws.bystander.ecs();
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }));
  return services![0]!;
}

/** Breaks a release at 30%, and returns its result. */
async function broken(how: string, options = '') {
  const served = await serveAws();
  try {
    const before = (await serviceOf(served)).taskDefinition;
    const release = await served.release({
      inputs: { 'bake-time': '1m' },
      environment: { NODE_OPTIONS: `${breaking(how)} ${options}` },
    });
    await release.until(atStep(30));
    release.step.kill('SIGUSR2');
    const finished = await release.step.done;
    const { taskDefinition, deploymentConfiguration } = await serviceOf(served);
    expect(taskDefinition).toBe(before);
    expect(deploymentConfiguration).toMatchObject({ strategy: 'BLUE_GREEN', lifecycleHooks: [] });
    expect(finished.outputs).toMatchObject({ outcome: 'rolled-back', 'canary-percent': '0' });
    return finished;
  } finally {
    await served.close();
  }
}

/** Releases with short STS sessions. Returns the result and the tokens that GitHub issued. */
async function renewed() {
  const [served, github] = await Promise.all([serveAws({ sessionLength: 10_000 }), startGitHubTokens()]);
  try {
    const release = await served.release({
      inputs: { 'role-to-assume': 'arn:aws:iam::123456789012:role/release', 'aws-region': 'eu-west-1' },
      environment: {
        ...github.environment,
        AWS_REGION: '',
        AWS_ACCESS_KEY_ID: '',
        AWS_SECRET_ACCESS_KEY: '',
      },
    });
    return { ...(await release.step.done), given: [...github.given] };
  } finally {
    await Promise.all([served.close(), github.close()]);
  }
}

/** Starts all at once, each with its own AWS, because they mostly wait. */
function begin() {
  const playing = {
    uncaught: broken("throw new TypeError('injected')"),
    outOfMemory: broken('const all=[];for(;;)all.push(new Array(1e5).fill({}))', '--max-old-space-size=96'),
    renewed: renewed(),
  };
  // Separate tests report the failures.
  for (const each of Object.values(playing)) each.catch(() => {});
  return playing;
}

let playing: ReturnType<typeof begin>;
beforeAll(() => {
  playing = begin();
});
afterAll(() => Promise.allSettled(Object.values(playing)));

test('an uncaught error is logged with its stack, and the same process rolls back', async () => {
  const { exitCode, postExitCode, log, outputs } = await playing.uncaught;
  expect({ exitCode, postExitCode }).toEqual({ exitCode: 1, postExitCode: 0 });
  expect(outputs['reason']).toBe('An internal error of ecs-ramp: injected.');
  expect(log.join('\n')).toMatch(/please report it.*TypeError: injected[\s\S]*at process/);
});

test('a session that expires during the rollout is renewed with a new GitHub token', async () => {
  const { given, ...finished } = await playing.renewed;
  expectOutcome(finished, 'deployed');
  const { log } = finished;
  // One token for each session of ten seconds.
  expect(given.length).toBeGreaterThan(1);
  for (const token of given) expect(log.join('\n')).not.toContain(token);
});

test('when the process runs out of memory, its post step rolls back', async () => {
  const { exitCode, postExitCode, summary } = await playing.outOfMemory;
  expect({ exitCode, postExitCode }).toEqual({ exitCode: null, postExitCode: 1 });
  expect(summary).toContain('killed');
});
