import { equal, match, ok } from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStage, type Stage } from '../../demo/stage.ts';
import { baseImage } from '../../examples/base-image.ts';
import { startGitHubApi, type GitHubApi } from '../../test/support/github-api.ts';
import { startGitHubTokens } from '../../test/support/github-tokens.ts';
import { type Act, run, type Run } from './act.ts';
import { layOutActions } from './actions.ts';
import { build } from './jenkins.ts';
import { createShopRepository, MAIN, type Pushed, type ShopRepository } from './repository.ts';

/**
 * `node verify/monorepo/run.ts ACT`: the shop's workflow and .github/workflows/deploy.yml run by act, a runner by other people, against
 * the sandbox with real containers and users. A push with a good version of one service and a bad one of another, a push that touches no
 * service, and a pull request. Its merge is deployed by what the Jenkinsfile in examples/ci runs.
 */
const [program] = process.argv.slice(2);
if (program === undefined) throw new Error('usage: node verify/monorepo/run.ts ACT');

const began = performance.now();
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interrupted.abort(new Error(`stopped by ${signal}`)));
}

function say(line: string): void {
  const seconds = ((performance.now() - began) / 1_000).toFixed(1).padStart(6);
  console.log(`${seconds}  ${line}`);
}

/** A rollout in seconds: the sandbox's metrics are finer than CloudWatch's. */
const QUICK = {
  'metric-period': '5s',
  'metric-delay': '5s',
  'warm-up': '5s',
  'bake-time': '5s',
  'step-timeout': '2m',
  'start-timeout': '1m',
  'keep-old': '0m',
  steps: [50, 100],
};

async function play(folder: string): Promise<void> {
  const stage = await openStage({
    services: ['api', 'web'],
    rate: 100,
    directory: join(folder, 'sandbox'),
    tell(line) {
      interrupted.signal.throwIfAborted();
      say(line);
    },
  });
  const [tokens, github] = [await startGitHubTokens(), await startGitHubApi()];
  try {
    const shop = await createShopRepository(join(folder, 'shop'), {
      ...QUICK,
      'aws-region': stage.environment['AWS_REGION'],
      'build-args': { NODE_IMAGE: await baseImage(stage.docker) },
    });
    const actions = join(folder, 'actions');
    await layOutActions(actions);
    // The keys of the environment are nobody's: whoever gets at AWS here has assumed the role, with the job's token.
    const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...environment } = stage.environment;
    const act: Act = {
      program: program!,
      home: join(folder, 'act'),
      actions,
      token: 'ghs_job', // the only one that it takes
      environment: {
        ...environment,
        ...tokens.environment,
        GITHUB_API_URL: github.environment['GITHUB_API_URL'] ?? '',
      },
      onLine: (job, line) => say(`${job} │ ${line}`),
      signal: interrupted.signal,
    };
    await story({ stage, shop, act, github });
    ok(tokens.given.length > 0, 'no job asked GitHub for a token');
  } finally {
    say('cleaning up ...');
    await Promise.all([tokens.close(), github.close()]);
    await stage.close();
  }
}

interface Scene {
  readonly stage: Stage;
  readonly shop: ShopRepository;
  readonly act: Act;
  readonly github: GitHubApi;
}

async function story({ stage, shop, act, github }: Scene): Promise<void> {
  let id = 0;
  const pushed = async (commits: Pushed) =>
    run(act, { name: 'push', payload: push(commits), checkout: await shop.checkout(MAIN) }, ++id);

  say('A push: a good version of api, a bad one of web, and worker, which needs api');
  const mixed = await pushed(
    await shop.push(MAIN, {
      'api/Dockerfile': release('2'),
      'web/Dockerfile': release('2', 'errors'),
      'worker/Dockerfile': release('2'),
    }),
  );
  equal(mixed.green, false, 'a run in which a service was rolled back is red');
  equal(jobs(mixed), 'Changes, Deploy api, Deploy web');
  equal(ended(mixed, 'Deploy api'), 'green, outcome: deployed');
  equal(ended(mixed, 'Deploy web'), 'red, outcome: rolled-back');
  equal(await served(stage), 'api 2, web 1');
  const deployments = github.deployments.map(({ environment, state }) => `${environment} ${state}`);
  equal(deployments.toSorted().join(', '), 'production/api success, production/web failure');

  say('A push that touches no service');
  const nothing = await pushed(await shop.push(MAIN, { 'README.md': (text) => `${text}\nMore.\n` }));
  equal(nothing.green, true);
  equal(jobs(nothing), 'Changes');
  match(nothing.jobs.get('Changes')!.log.join('\n'), /No services of production touched/);

  say('A pull request that touches web');
  const { before, after } = await shop.push('feature', { 'web/Dockerfile': release('3') });
  const planned = await run(
    act,
    { name: 'pull_request', payload: pullRequest(before, after), checkout: await shop.checkout('feature') },
    ++id,
  );
  equal(planned.green, true);
  equal(jobs(planned), 'Changes, Plan web');
  equal(ended(planned, 'Plan web'), 'green, outcome: unchanged');
  match(
    github.comments
      .get(1)
      ?.map(({ body }) => body)
      .join() ?? '',
    /^<!--.*web.*Dry run/s,
  );
  equal(await served(stage), 'api 2, web 1');

  say('Its merge, by the steps of the Jenkinsfile');
  const merged = await shop.push(MAIN, { 'README.md': (text) => `${text}\nMerged.\n` });
  const workspace = await shop.checkout(MAIN);
  const deployed = await build({
    workspace,
    cli: join(act.actions, 'dist/cli.js'),
    environment: {
      ...stage.environment,
      GIT_COMMIT: merged.after,
      GIT_PREVIOUS_SUCCESSFUL_COMMIT: before,
      BUILD_URL: 'https://jenkins.example.com/job/shop/1/',
    },
    onLine: (step, line) => say(`${step} │ ${line}`),
    signal: act.signal,
  });
  equal(deployed.join(), 'web');
  match(await readFile(join(workspace, 'ecs-ramp/web/summary.md'), 'utf8'), /web/);
  equal(await served(stage), 'api 2, web 3');
}

/** What the image bakes in: a name for users to see, and a fault. */
function release(name: string, fault = 'none'): (dockerfile: string) => string {
  return (text) => text.replace(/RELEASE=\w+/, `RELEASE=${name}`).replace(/FAULT=\w+/, `FAULT=${fault}`);
}

const REPOSITORY = { full_name: 'example/shop', default_branch: MAIN };

function push({ before, after }: Pushed): object {
  return { ref: `refs/heads/${MAIN}`, before, after, repository: REPOSITORY };
}

function pullRequest(base: string, head: string): object {
  return {
    number: 1,
    pull_request: {
      number: 1,
      base: { sha: base, ref: MAIN, repo: REPOSITORY },
      head: { sha: head, ref: 'feature', repo: REPOSITORY },
    },
    repository: REPOSITORY,
  };
}

function jobs({ jobs }: Run): string {
  return [...jobs.keys()]
    .filter((name) => name !== '')
    .toSorted()
    .join(', ');
}

function ended({ jobs }: Run, name: string): string {
  const { green, log } = jobs.get(name)!;
  const [outcome = 'no outcome'] = log.join('\n').match(/outcome: [\w-]+/) ?? [];
  return `${green ? 'green' : 'red'}, ${outcome}`;
}

/** The releases that users meet. */
async function served({ productionUrl }: Stage): Promise<string> {
  const found = await Promise.all(
    Object.entries({ api: '/api/items', web: '/' }).map(async ([service, path]) => {
      const ask = async () => (await fetch(`${productionUrl}${path}`)).text();
      const answers = await Promise.all(Array.from({ length: 20 }, ask));
      const releases = new Set(answers.map((answer) => /release"?:?"? ?(\w+)/i.exec(answer)?.[1] ?? answer));
      return `${service} ${[...releases].join('+')}`;
    }),
  );
  return found.toSorted().join(', ');
}

const folder = await mkdtemp(join(tmpdir(), 'ecs-ramp-monorepo-'));
try {
  await play(folder);
  say('The shop was deployed by act as it should be.');
} catch (error) {
  console.error(`script/conformance monorepo: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
