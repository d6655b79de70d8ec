import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { inputsFromOptions } from '../../../src/cli/action-options.ts';
import { deployInputs } from '../../../src/cli/deploy-inputs.ts';
import { changesAction } from '../../../src/inputs/actions/changes.ts';
import { read, root } from './pages.ts';

/** The files in examples/ci for CIs other than GitHub Actions. */
const files = [
  'jenkins/Jenkinsfile',
  'gitlab/.gitlab-ci.yml',
  'gitlab/.gitlab/deploy.yml',
  'circleci/.circleci/config.yml',
  'circleci/.circleci/deploy.yml',
].map((file) => `examples/ci/${file}`);

const shop = join(root, 'examples/shop');
const env = { SERVICE: 'web', REPORT: 'ecs-ramp/web', GIT_PREVIOUS_SUCCESSFUL_COMMIT: 'c0ffee' };

/** The command lines of ecs-ramp in a file, as a shell splits them. */
function commandsIn(file: string): readonly (readonly string[])[] {
  const lines = [...read(file).matchAll(/npx --yes ecs-ramp@1 ([^\n]*?)(?: >\S+)?'?$/gm)];
  return lines.map(([, line = '']) => {
    // Variables that the CI replaces before the shell runs.
    const filledIn = line.replaceAll(/<< [\w.]+ >>/g, 'c0ffee').replace('$CI_COMMIT_BEFORE_SHA', 'c0ffee');
    const script = `printf '%s\\0' ${filledIn}`;
    return execFileSync('sh', ['-c', script], { env, encoding: 'utf8' }).split('\0').slice(0, -1);
  });
}

test.each(files)('the command line accepts the calls in %s', async (file) => {
  const commands = commandsIn(file);
  expect(commands.length).toBe(read(file).split('npx').length - 1);
  for (const [command, ...args] of commands) {
    const given = args.filter((arg) => arg !== '--json');
    const context = { env: { GITHUB_SHA: '0'.repeat(40), CI: 'true' }, cwd: shop };
    if (command === 'deploy') {
      const { values } = await inputsFromOptions(deployInputs, given, context);
      expect(values).toMatchObject({ service: 'web', repository: 'shop/web' });
    } else if (command === 'changes') {
      const { values } = await inputsFromOptions(changesAction, given, context);
      expect(values).toMatchObject({ base: 'c0ffee', environment: 'production' });
    } else expect([command, ...args]).toEqual(['validate']);
  }
});

const hasJq = spawnSync('jq', ['--version']).status === 0;

(hasJq ? describe : describe.skip)('the pipeline for what was touched (requires jq)', () => {
  const waves = [['api', 'web'], ['worker'], [], [], []].map((names) => ({
    include: names.map((service) => ({ service, environment: 'production', 'timeout-minutes': 90 })),
  }));
  let work: string;
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'ecs-ramp-ci-'));
  });
  afterAll(() => rmSync(work, { recursive: true }));

  function run(touched: object, scripts: readonly string[]): void {
    writeFileSync(join(work, 'changes.json'), JSON.stringify({ waves: touched }));
    for (const script of scripts) execFileSync('sh', ['-ec', script], { cwd: work });
  }
  const written = (file: string) => parse(readFileSync(join(work, file), 'utf8'));

  test('in GitLab has one job for each service in the stage of its wave, and one job if there are no services', () => {
    const { changes } = parse(read('examples/ci/gitlab/.gitlab-ci.yml'));
    const lines: readonly string[] = changes.script;
    const scripts = lines.filter((script) => script.startsWith('jq'));
    run(waves, scripts);
    expect(written('pipeline.yml')).toMatchObject({
      include: [{ local: '/.gitlab/deploy.yml' }],
      'deploy api': { stage: 'wave-1', extends: '.deploy', variables: { SERVICE: 'api' } },
      'deploy web': { stage: 'wave-1', timeout: '90 minutes' },
      'deploy worker': { stage: 'wave-2' },
    });
    run([], scripts);
    expect(Object.keys(written('pipeline.yml'))).toEqual(['include', 'stages', 'touched']);
  });

  test('in CircleCI has one job for each service, after all jobs of the previous wave', () => {
    const { jobs } = parse(read('examples/ci/circleci/.circleci/config.yml'));
    mkdirSync(join(work, '.circleci'));
    const deploy = '.circleci/deploy.yml';
    cpSync(join(root, 'examples/ci/circleci', deploy), join(work, deploy));
    const steps: readonly { readonly run?: string }[] = jobs.changes.steps;
    const scripts = steps.flatMap(({ run = '' }) => (/^(?:jq|sed)/.test(run) ? [run] : []));
    run(waves, scripts);
    const { workflows } = written('deploy.yml');
    expect(workflows.deploy.jobs).toMatchObject([
      { deploy: { name: 'deploy api', service: 'api', requires: [] } },
      { deploy: { name: 'deploy web' } },
      { deploy: { name: 'deploy worker', requires: ['deploy api', 'deploy web'] } },
    ]);
    run([], scripts.slice(0, 1));
    // as the step after it looks for
    expect(readFileSync(join(work, 'jobs.json'), 'utf8')).toBe('[]\n');
  });
});
