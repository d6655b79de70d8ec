import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import type { Run } from './act.ts';
import { build } from './jenkins.ts';
import { perform } from './program.ts';
import { MAIN, type Pushed } from './repository.ts';
import { QUICK } from '../../support/quick.ts';
import type { Scene } from './scene.ts';
import { release, served } from './users.ts';
import { workflowOf } from './workflow-of-page.ts';

/**
 * Runs the shop's workflow and .github/workflows/deploy.yml with act, against the sandbox with real
 * containers and users:
 *
 * - a push with a good version of one service (approved during the rollout) and a bad version of
 *   another
 * - a push that touches no service
 * - a pull request; its merge is deployed with the commands of the Jenkinsfile in examples/ci
 * - the workflow of build/README.md, which deploys one image to two services
 *
 * Usage: `node test/conformance/monorepo/run.ts ACT`
 */
const [program] = process.argv.slice(2);
if (program === undefined) throw new Error('usage: node test/conformance/monorepo/run.ts ACT');

const MONOREPO = 'deploy.yml';
const BUILD_ONCE = 'build-once.yml';
const STEPS = { ...QUICK, steps: '50,100' };

async function story(scene: Scene): Promise<void> {
  const { shop } = scene;
  const mixed = await shop.push(MAIN, {
    'api/Dockerfile': release('2'),
    'web/Dockerfile': release('2', 'errors'),
    'worker/Dockerfile': release('2'),
  });
  const nothing = await shop.push(MAIN, { 'README.md': (text) => `${text}\nMore.\n` });
  await together(approvedAndRolledBack(scene, mixed), touchingNothing(scene, nothing));
  equal(await served(scene.stage, 'api', 'offers', 'web'), 'api 2, offers 1, web 1');

  const mended = await shop.push(MAIN, { 'web/Dockerfile': release('3') });
  const proposed = await shop.push('feature', { 'api/Dockerfile': release('3') });
  await together(
    builtOnce(scene, mended),
    planned(scene, proposed).then(() => merged(scene, proposed)),
  );
  equal(await served(scene.stage, 'api', 'offers', 'web'), 'api 3, offers 3, web 3');
}

async function approvedAndRolledBack(scene: Scene, commits: Pushed): Promise<void> {
  scene.say(
    'A push: a good version of api, which waits for an approval, a bad version of web, and worker, which needs api',
  );
  const approval = approver(scene);
  const ran = await scene.pushed(commits, MONOREPO, (_, line) => approval.heard(line));
  await approval.given();
  equal(ran.green, false, 'a run with a rolled-back service must fail');
  equal(jobs(ran), 'Changes, Deploy api, Deploy web');
  equal(ended(ran, 'Deploy api'), 'green, outcome: deployed');
  match(logOf(ran, 'Deploy api'), /gate at 50% passed after .*, approved by arn:aws:sts:/);
  equal(ended(ran, 'Deploy web'), 'red, outcome: rolled-back');
  const deployments = scene.github.deployments.map(({ environment, state }) => `${environment} ${state}`);
  equal(deployments.toSorted().join(', '), 'production/api success, production/web failure');
}

async function touchingNothing(scene: Scene, commits: Pushed): Promise<void> {
  scene.say('A push that touches no service');
  const ran = await scene.pushed(commits, MONOREPO);
  equal(ran.green, true);
  equal(jobs(ran), 'Changes');
  match(logOf(ran, 'Changes'), /No services of production touched/);
}

async function builtOnce(scene: Scene, commits: Pushed): Promise<void> {
  const { stage, webhook } = scene;
  scene.say('A push for web and offers: one build, one revision for both, and webhook notifications');
  const ran = await scene.pushed(commits, BUILD_ONCE);
  equal(ran.green, true);
  const { services = [] } = await stage.aws.ecs.send(
    new DescribeServicesCommand({ cluster: 'shop', services: ['web', 'offers'] }),
  );
  const [revision, ...others] = services.map(({ taskDefinition }) => taskDefinition);
  deepEqual(others, [revision]);
  const notifications = webhook.received.map(
    ({ service, event, outcome }) => `${service} ${event} ${outcome}`,
  );
  deepEqual(notifications.toSorted(), [
    'offers finished deployed',
    'offers started null',
    'web finished deployed',
    'web started null',
  ]);
}

async function planned(scene: Scene, commits: Pushed): Promise<void> {
  scene.say('A pull request that touches api');
  const ran = await scene.pullRequest('feature', commits, MONOREPO);
  equal(ran.green, true);
  equal(jobs(ran), 'Changes, Plan api');
  equal(ended(ran, 'Plan api'), 'green, outcome: unchanged');
  const comments = scene.github.comments.get(1)?.map(({ body }) => body) ?? [];
  match(comments.join(), /^<!--.*api.*Dry run/s);
  equal(await served(scene.stage, 'api'), 'api 2');
}

async function merged(scene: Scene, { before }: Pushed): Promise<void> {
  scene.say('The merge, with the steps of the Jenkinsfile');
  const approval = approver(scene);
  const { after } = await scene.shop.push(MAIN, { 'README.md': (text) => `${text}\nMerged.\n` });
  const workspace = await scene.shop.checkout(MAIN, after);
  const deployed = await build({
    workspace,
    cli: scene.cli,
    environment: {
      ...scene.stage.environment,
      GIT_COMMIT: after,
      GIT_PREVIOUS_SUCCESSFUL_COMMIT: before,
      BUILD_URL: 'https://jenkins.example.com/job/shop/1/',
    },
    onLine(step, line) {
      scene.say(`${step} │ ${line}`);
      approval.heard(line);
    },
    signal: scene.signal,
  });
  await approval.given();
  equal(deployed.join(), 'api');
  match(await readFile(join(workspace, 'ecs-ramp/api/summary.md'), 'utf8'), /api/);
}

/** A person who runs the `ecs-ramp continue` command that the log shows at a gate. */
function approver({ cli, say, signal, stage }: Scene) {
  const env = { PATH: process.env['PATH'], ...stage.environment };
  let approval: Promise<void> | null = null;
  async function approve(words: string): Promise<void> {
    const args = [cli, ...words.split(' '), '--step', '50'];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env, signal });
    say(`somebody │ ${stdout.trim()}`);
  }
  return {
    heard(line: string): void {
      const [, words] = /^\s*ecs-ramp (continue .*)/.exec(line) ?? [];
      if (words === undefined || approval !== null) return;
      approval = approve(words);
      approval.catch(() => {}); // `given` rejects with the error
    },
    async given(): Promise<void> {
      ok(approval !== null, 'the log does not show how to approve');
      await approval;
    },
  };
}

/** Waits until all have ended, and then rejects if one of them failed. */
async function together(...stories: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(stories);
  await Promise.all(stories);
}

function jobs({ jobs }: Run): string {
  return [...jobs.keys()].toSorted().join(', ');
}

function logOf({ jobs }: Run, name: string): string {
  return jobs.get(name)!.log.join('\n');
}

function ended(ran: Run, name: string): string {
  const [outcome = 'no outcome'] = logOf(ran, name).match(/outcome: [\w-]+/) ?? [];
  return `${ran.jobs.get(name)!.green ? 'green' : 'red'}, ${outcome}`;
}

await perform(
  'monorepo',
  {
    program,
    services: ['api', 'web'],
    twins: [{ name: 'offers', like: 'web', path: '/offers*', priority: 15 }],
    repository: async (nodeImage, region) => ({
      settings: {
        defaults: { ...STEPS, 'build-args': { NODE_IMAGE: nodeImage } },
        services: { api: { gates: '50 approval 1m' }, worker: { needs: ['api'] } },
      },
      workflows: {
        [BUILD_ONCE]: await workflowOf('build/README.md', {
          'ecs-ramp/ecs-ramp/build': {
            with: { context: 'web', 'build-args': `NODE_IMAGE=${nodeImage}`, 'aws-region': region },
          },
          'ecs-ramp/ecs-ramp/deploy': {
            with: {
              ...STEPS,
              'aws-region': region,
              parallel: true,
              webhook: '${{ secrets.RELEASES_WEBHOOK }}',
            },
          },
        }),
      },
    }),
  },
  story,
);
