import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Event } from '../../src/trail/event.ts';
import { serveAws, type ServedAws } from '../support/served-aws.ts';
import { startGitHubTokens } from '../support/github-tokens.ts';

jest.setTimeout(120_000);

let served: ServedAws;
beforeAll(async () => {
  // Sessions of STS that end in the middle of any rollout.
  served = await serveAws({ sessionLength: 10_000 });
});
afterAll(() => served?.close());

/** Something that breaks inside the process when it is told to by a signal; the product itself has no such thing. */
const breaking = (how: string) =>
  `--import=data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2',()=>{${how}})`)}`;

const atStep = (percent: number) => (event: Event) =>
  event.kind === 'step-begun' && event.percent === percent;

async function service() {
  const ecs = await served.aws.bystander.ecs();
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }));
  return services![0]!;
}

/** Breaks a release at 30%, and returns what became of it. */
async function broken(how: string, options = '') {
  const before = (await service()).taskDefinition;
  const release = await served.release({
    inputs: { 'bake-time': '1m' },
    environment: { NODE_OPTIONS: `${breaking(how)} ${options}` },
  });
  await release.until(atStep(30));
  release.step.kill('SIGUSR2');
  const finished = await release.step.done;
  const { taskDefinition, deploymentConfiguration } = await service();
  expect(taskDefinition).toBe(before);
  expect(deploymentConfiguration).toMatchObject({ strategy: 'BLUE_GREEN', lifecycleHooks: [] });
  expect(finished.outputs).toMatchObject({ outcome: 'rolled-back', 'canary-percent': '0' });
  return { ...finished, events: release.events() };
}

test('a mistake of our own that nobody caught is told with its stack, and the same process takes the rollout back', async () => {
  const { exitCode, postExitCode, log, outputs } = await broken("throw new TypeError('injected')");
  expect({ exitCode, postExitCode }).toEqual({ exitCode: 1, postExitCode: 0 });
  expect(outputs['reason']).toBe('A mistake of ecs-ramp itself: injected.');
  expect(log.join('\n')).toMatch(/please report this.*TypeError: injected[\s\S]*at process/);
});

test('a session that ends in the middle of the rollout is renewed with a fresh token of GitHub’s', async () => {
  const github = await startGitHubTokens();
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
    const { outputs, log } = await release.step.done;
    expect(outputs).toMatchObject({ outcome: 'deployed' });
    // One for each session of ten seconds, and all of them masked.
    expect(github.given.length).toBeGreaterThan(1);
    for (const token of github.given) expect(log.join('\n')).not.toContain(token);
  } finally {
    await github.close();
  }
});

test('out of memory, the process is gone at once: its post step takes the rollout back', async () => {
  const { exitCode, postExitCode, summary } = await broken(
    'const all=[];for(;;)all.push(new Array(1e5).fill({}))',
    '--max-old-space-size=96',
  );
  expect({ exitCode, postExitCode }).toEqual({ exitCode: null, postExitCode: 1 });
  expect(summary).toContain('killed');
});
