import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { FinishedStep } from '../../demo/runner.ts';
import { type ActionRunner, createActionRunner } from '../../support/actions-from-source.ts';

// Each action runs in its own process.
jest.setTimeout(30_000);

let actionRunner: ActionRunner;
beforeAll(async () => {
  actionRunner = await createActionRunner();
});
afterAll(() => actionRunner.close());
const run: ActionRunner['run'] = (...step) => actionRunner.run(...step);

const said = ({ annotations }: FinishedStep) => annotations.map(({ message }) => message);
const NEVER = { outcome: 'failed' };
const IMAGE = 'registry.example.com/shop/web:1';

test('an action rejects inputs of other actions and reports all mistakes together', async () => {
  const build = await run('build', { service: 'web', 'cache-from': 'type=gha' });
  expect(said(build)).toEqual([
    expect.stringContaining('service: there is no such input. Remove it, or look it up in build/README.md'),
    expect.stringContaining('cache-from:'),
    'repository: it is missing. Name the repository that the image is pushed to.',
  ]);
  expect(build.exitCode).toBe(1);
  expect(build.outputs).toEqual({ image: '', 'image-digest': '', tags: '', reused: '' });

  const deploy = await run('deploy', { service: 'web, web, a/b', context: '.', parallel: 'yes' });
  expect(said(deploy)).toEqual([
    expect.stringContaining('context: there is no such input'),
    expect.stringContaining('service: "web" is given twice'),
    expect.stringContaining('service: "a/b" is not the name of an ECS service'),
    'image: it is missing. Name the image to deploy, as NAME@sha256:DIGEST.',
    expect.stringContaining('parallel: "yes" is not a boolean'),
  ]);
  expect(deploy.outputs).toMatchObject(NEVER);
  // Its post step has nothing to finish.
  expect(deploy).toMatchObject({ exitCode: 1, postExitCode: 0 });
});

test('a problem outside the inputs is one annotation, and is in the summary too', async () => {
  const build = await run('build', { repository: 'shop/web' });
  expect(said(build)).toEqual([expect.stringContaining('No AWS region is set')]);
  expect(build.summary).toContain('No AWS region is set');
  expect(build.log.join('\n')).not.toMatch(/^\s+at .*:\d+:\d+/m);
});

test('build/ with a private registry needs nothing of AWS', async () => {
  const build = await run('build', { repository: 'shop/web', registry: '127.0.0.1:9' });
  expect(said(build)).toHaveLength(1);
  expect(said(build)[0]).not.toContain('AWS');
});

test('every service has its own trail and section, even if none can be started', async () => {
  const deploy = await run('deploy', { service: 'web\napi', image: IMAGE });
  expect(deploy.outputs).toMatchObject({
    outcome: 'failed',
    reason: expect.stringMatching(/^web: .*\napi: /),
  });
  expect(JSON.parse(deploy.outputs['results']!)).toMatchObject({ web: NEVER, api: NEVER });
  expect(deploy.summary).toContain('web was not deployed');
  expect(deploy.summary).toContain('api was not deployed');
  expect(deploy.log.some((line) => line.startsWith('api | '))).toBe(true);
  expect(deploy.exitCode).toBe(1);
});
