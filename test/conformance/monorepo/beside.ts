import { equal, match, ok } from 'node:assert/strict';
import { join } from 'node:path';
import { DescribeServicesCommand, DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { perform } from './program.ts';
import { MAIN } from './repository.ts';
import { QUICK } from '../../support/quick.ts';
import type { Scene } from './scene.ts';
import { release, served } from './users.ts';
import { workflowOf } from './workflow-of-page.ts';

/**
 * Runs the workflow of deploy/README.md with act, against the sandbox, with the actions of AWS and
 * Docker that it uses. Then runs it again with only the session of configure-aws-credentials.
 *
 *     node test/conformance/monorepo/beside.ts ACT FOLDER
 *
 * FOLDER contains the other actions as OWNER/NAME.
 */
const [program, folder] = process.argv.slice(2);
if (program === undefined || folder === undefined) {
  throw new Error('usage: node test/conformance/monorepo/beside.ts ACT FOLDER');
}

const PAGE = 'deploy/README.md';
const FIRST = 'web.yml';
const AGAIN = 'web-again.yml';

async function story(scene: Scene): Promise<void> {
  const { stage } = scene;
  scene.say('A push: built by docker/build-push-action, deployed by digest');
  const commits = await scene.shop.push(MAIN, { 'web/Dockerfile': release('2') });
  const ran = await scene.pushed(commits, FIRST);
  const log = ran.jobs.get('Deploy web')!.log.join('\n');
  equal(ran.green, true);
  match(log, /outcome: deployed/);
  equal(await served(stage, 'web'), 'web 2');
  const [, pushedDigest] = /"containerimage.digest": "(sha256:\w+)"/.exec(log) ?? [];
  ok((await image(stage)).endsWith(`/shop/web@${pushedDigest}`), 'the service does not run the pushed image');
  ok(!/sandbox-secret-|sandbox-session-/.test(log), 'the log shows a key');

  scene.say(
    'The same commit again, with the credentials that configure-aws-credentials leaves in the environment',
  );
  const again = await scene.pushed(commits, AGAIN);
  const said = again.jobs.get('Deploy web')!.log.join('\n');
  equal(again.green, true);
  match(said, /outcome: unchanged/);
  match(said, /The session of these credentials ends in (59m|1h)/);
}

async function image({ aws }: Scene['stage']): Promise<string> {
  const { services } = await aws.ecs.send(
    new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }),
  );
  const { taskDefinition } = await aws.ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: services?.[0]?.taskDefinition }),
  );
  return taskDefinition?.containerDefinitions?.[0]?.image ?? '';
}

const used = (await workflowOf(PAGE)).matchAll(/uses: (((?:aws-actions|docker)\/[\w-]+)@\S+)/g);
const actions = Object.fromEntries(
  [...used].map(([, action = '', name = '']) => [action, join(folder, name)]),
);

await perform(
  'actions',
  {
    program,
    actions,
    // amazon-ecr-login writes to this folder, and docker's plugins may be there.
    environment: { DOCKER_CONFIG: process.env['DOCKER_CONFIG'] ?? '' },
    services: ['web'],
    async repository(nodeImage) {
      const built = {
        // Other drivers use an image of Docker Hub and cannot reach a registry on loopback.
        'docker/setup-buildx-action': { with: { driver: 'docker' } },
        'docker/build-push-action': {
          with: { 'build-args': `NODE_IMAGE=${nodeImage}`, provenance: false },
        },
      };
      const settings = { ...QUICK, steps: '50,100' };
      return {
        workflows: {
          [FIRST]: await workflowOf(PAGE, { ...built, 'ecs-ramp/ecs-ramp/deploy': { with: settings } }),
          [AGAIN]: await workflowOf(PAGE, {
            ...built,
            'aws-actions/configure-aws-credentials': { id: 'aws', with: { 'output-credentials': true } },
            'ecs-ramp/ecs-ramp/deploy': {
              env: { AWS_CREDENTIAL_EXPIRATION: '${{ steps.aws.outputs.aws-expiration }}' },
              // Longer than the session.
              with: { ...settings, 'role-to-assume': '', 'conflict-timeout': '2h' },
            },
          }),
        },
      };
    },
  },
  story,
);
