import { ok } from 'node:assert/strict';
import { join } from 'node:path';
import { openShopSandbox, type ShopSandbox, type StageOptions } from '../../demo/stage.ts';
import { baseImage } from '../../../examples/base-image.ts';
import { startGitHubApi, type GitHubApi } from '../../support/github-api.ts';
import { startGitHubTokens } from '../../support/github-tokens.ts';
import { startWebhookServer, type WebhookServer } from '../../support/webhook-server.ts';
import { type Act, type Event, run, type Run } from './act.ts';
import { layOutActions } from './actions.ts';
import { createShopRepository, MAIN, type Pushed, type Settings, type ShopRepository } from './repository.ts';

/** The shop on a sandbox with users, its repository, and a simulated GitHub with act as runner. */
export interface Scene {
  readonly stage: ShopSandbox;
  readonly shop: ShopRepository;
  readonly github: GitHubApi;
  readonly webhook: WebhookServer;
  /** Path of the command line, bundled from this source. */
  readonly cli: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** Runs the workflow for a push to the main branch. */
  pushed(commits: Pushed, workflow: string, onLine?: Event['onLine']): Promise<Run>;
  /** Runs the workflow for a pull request of the branch. */
  pullRequest(branch: string, commits: Pushed, workflow: string): Promise<Run>;
  close(): Promise<void>;
}

export interface Setting extends Pick<StageOptions, 'services' | 'twins'> {
  /** Path of act. */
  readonly program: string;
  /** Folders of other actions by `OWNER/NAME@REF`. */
  readonly actions?: Act['actions'];
  readonly environment?: Act['environment'];
  /** Additions to the shop's repository: settings of its ecs-ramp.yml, and workflows by name. */
  readonly repository: (nodeImage: string, region: string) => Promise<Additions>;
}

interface Additions {
  readonly settings?: Settings;
  readonly workflows: Readonly<Record<string, string>>;
}

const REPOSITORY = { full_name: 'example/shop', default_branch: MAIN };

export async function openScene(
  folder: string,
  { program, actions, environment, repository, ...setting }: Setting,
  { say, signal }: Pick<Scene, 'say' | 'signal'>,
): Promise<Scene> {
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of closing.splice(0).toReversed()) await end();
  };
  try {
    const ours = join(folder, 'actions');
    const tell = (line: string) => {
      signal.throwIfAborted();
      say(line);
    };
    const directory = join(folder, 'sandbox');
    const [stage] = await Promise.all([
      openShopSandbox({ ...setting, rate: 100, directory, tell }).then((stage) => {
        closing.push(() => stage.close());
        return stage;
      }),
      layOutActions(ours),
    ]);
    const tokens = await startGitHubTokens();
    closing.push(() => tokens.close());
    const github = await startGitHubApi();
    closing.push(() => github.close());
    const webhook = await startWebhookServer();
    closing.push(() => webhook.close());
    const region = stage.environment['AWS_REGION']!;
    const { workflows, settings } = await repository(await baseImage(stage.docker), region);
    const shop = await createShopRepository(join(folder, 'shop'), {
      settings: { ...settings, defaults: { 'aws-region': region, ...settings?.defaults } },
      workflows,
    });
    // Without the sandbox's keys: jobs must assume a role with their token.
    const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...sandbox } = stage.environment;
    const act: Act = {
      program,
      home: join(folder, 'act'),
      actions: { 'ecs-ramp/ecs-ramp@v1': ours, ...actions },
      // The only token that the simulated API accepts.
      secrets: { GITHUB_TOKEN: 'ghs_job', RELEASES_WEBHOOK: webhook.url },
      variables: { AWS_REGION: region, AWS_DEPLOY_ROLE: 'arn:aws:iam::123456789012:role/deploy' },
      environment: {
        ...sandbox,
        ...tokens.environment,
        ...environment,
        GITHUB_API_URL: github.environment['GITHUB_API_URL'] ?? '',
      },
      signal,
    };
    let runs = 0;
    const start = async (event: Omit<Event, 'checkout'>, branch: string, commit: string) => {
      const id = ++runs;
      const onLine: Event['onLine'] = (job, line) => {
        say(`${job} │ ${line}`);
        event.onLine?.(job, line);
      };
      return run(act, { ...event, onLine, checkout: await shop.checkout(branch, commit) }, id);
    };
    return {
      stage,
      shop,
      github,
      webhook,
      cli: join(ours, 'dist/cli.js'),
      say,
      signal,
      pushed: ({ before, after }, workflow, onLine) =>
        start(
          {
            name: 'push',
            payload: { ref: `refs/heads/${MAIN}`, before, after, repository: REPOSITORY },
            workflow,
            ...(onLine && { onLine }),
          },
          MAIN,
          after,
        ),
      pullRequest: (branch, { before, after }, workflow) =>
        start(
          { name: 'pull_request', payload: pullRequestPayload(branch, before, after), workflow },
          branch,
          after,
        ),
      async close() {
        say('cleaning up ...');
        await close();
        ok(tokens.given.length > 0, 'no job asked GitHub for a token');
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function pullRequestPayload(branch: string, base: string, head: string): object {
  return {
    number: 1,
    pull_request: {
      number: 1,
      base: { sha: base, ref: MAIN, repo: REPOSITORY },
      head: { sha: head, ref: branch, repo: REPOSITORY },
    },
    repository: REPOSITORY,
  };
}
