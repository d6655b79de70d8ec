import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Event } from '../../src/core/trail/event.ts';
import { serveAws, type ServedAws } from '../support/served-aws.ts';
import { startGitHubTokens } from '../support/github-tokens.ts';

jest.setTimeout(120_000);

/** Something that breaks inside the process when it is told to by a signal; the product itself has no such thing. */
const breaking = (how: string) =>
  `--import=data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2',()=>{${how}})`)}`;

const atStep = (percent: number) => (event: Event) =>
  event.kind === 'step-started' && event.percent === percent;

async function serviceOf({ aws }: ServedAws) {
  const ecs = await aws.bystander.ecs();
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }));
  return services![0]!;
}

/** Breaks a release at 30%, and returns what became of it. */
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

/** Releases with sessions of STS that end in the middle of any rollout, and returns what became of it with the tokens that GitHub gave. */
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

/** They wait most of their time: all at once, each on an AWS of its own. */
function begin() {
  const playing = {
    uncaught: broken("throw new TypeError('injected')"),
    outOfMemory: broken('const all=[];for(;;)all.push(new Array(1e5).fill({}))', '--max-old-space-size=96'),
    renewed: renewed(),
  };
  // Each is told by a test of its own.
  for (const each of Object.values(playing)) each.catch(() => {});
  return playing;
}

let playing: ReturnType<typeof begin>;
beforeAll(() => {
  playing = begin();
});
afterAll(() => Promise.allSettled(Object.values(playing)));

test('a mistake of our own that nobody caught is told with its stack, and the same process takes the rollout back', async () => {
  const { exitCode, postExitCode, log, outputs } = await playing.uncaught;
  expect({ exitCode, postExitCode }).toEqual({ exitCode: 1, postExitCode: 0 });
  expect(outputs['reason']).toBe('A mistake of ecs-ramp itself: injected.');
  expect(log.join('\n')).toMatch(/please report this.*TypeError: injected[\s\S]*at process/);
});

test('a session that ends in the middle of the rollout is renewed with a fresh token of GitHub’s', async () => {
  const { outputs, log, given } = await playing.renewed;
  expect(outputs).toMatchObject({ outcome: 'deployed' });
  // One for each session of ten seconds, and all of them masked.
  expect(given.length).toBeGreaterThan(1);
  for (const token of given) expect(log.join('\n')).not.toContain(token);
});

test('out of memory, the process is gone at once: its post step takes the rollout back', async () => {
  const { exitCode, postExitCode, summary } = await playing.outOfMemory;
  expect({ exitCode, postExitCode }).toEqual({ exitCode: null, postExitCode: 1 });
  expect(summary).toContain('killed');
});
