// A server for the part of GitHub's API that ecs-ramp uses, for the repository `example/shop`.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { WebhookDefinition } from '@octokit/webhooks-examples';

// `require`, because the package's entry is a JSON file.
const published: readonly WebhookDefinition[] = createRequire(import.meta.url)('@octokit/webhooks-examples');

/** GitHub's published example of an object. Answers are such examples with the request's values. */
export function example(event: string, member: string): object {
  const [first] = published.find(({ name }) => name === event)?.examples ?? [];
  const found: unknown = Reflect.get(first ?? {}, member);
  if (typeof found !== 'object' || found === null) throw new Error(`no example of ${event}.${member}`);
  return found;
}

export interface GitHubRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read any member
  readonly body: any;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Deployment {
  readonly id: number;
  readonly environment: string;
  readonly sha: string;
  readonly payload: unknown;
  state: string;
}

interface Written {
  readonly id: number;
  readonly user: { readonly type: 'Bot' | 'User' };
  body: string;
}

interface Issue extends Written {
  readonly number: number;
  readonly title: string;
  readonly labels: readonly string[];
  state: 'open' | 'closed';
}

export interface GitHubApi {
  /** Environment variables that the runner sets for a job. */
  readonly environment: Readonly<Record<string, string>>;
  readonly requests: readonly GitHubRequest[];
  readonly deployments: readonly Deployment[];
  readonly issues: readonly Issue[];
  /** By the number of the pull request or issue. */
  readonly comments: Map<number, readonly Written[]>;
  /** Numbers of pull requests by their merge commit. */
  readonly merged: Map<string, number>;
  /** Commits of the only branch, oldest first. */
  readonly history: string[];
  /** The token that is accepted. Default: `ghs_job`. */
  token: string;
  /** If set, its answer replaces the normal one; `null` keeps the normal one. */
  refuse: ((request: GitHubRequest) => Answer | null) | null;
  /** `true`: the request takes effect, but the client gets 502. */
  lose: (request: GitHubRequest) => boolean;
  close(): Promise<void>;
}

export const NOT_ACCESSIBLE: Answer = {
  status: 403,
  body: {
    message: 'Resource not accessible by integration',
    documentation_url: 'https://docs.github.com/rest',
    status: '403',
  },
};

export async function startGitHubApi(): Promise<GitHubApi> {
  const requests: GitHubRequest[] = [];
  const deployments: Deployment[] = [];
  const issues: Issue[] = [];
  const comments = new Map<number, readonly Written[]>();
  const merged = new Map<string, number>();
  const history: string[] = [];
  const bot = { type: 'Bot' } as const;
  const repository = '/repos/example/shop';
  let ids = 1_000;

  const routes: Readonly<Record<string, (request: GitHubRequest, ...parts: string[]) => Answer>> = {
    'POST /statuses/(\\w+)': ({ body }) => {
      if (body.description.length > 140)
        return invalid('description is too long (maximum is 140 characters)');
      return { status: 201, body: { ...body, id: ++ids } };
    },
    'GET /deployments': ({ query }) => ({
      status: 200,
      body: deployments
        .filter(({ sha, environment }) => sha === query['sha'] && environment === query['environment'])
        .map((deployment) => ({ ...example('deployment', 'deployment'), ...deployment }))
        .toReversed(),
    }),
    'POST /deployments': ({ body }) => {
      // GitHub creates a deployment at once only with these two values.
      if (body.auto_merge !== false || body.required_contexts?.length !== 0) return { status: 409 };
      const { ref: sha, environment, payload } = body;
      const deployment = { id: ++ids, sha, environment, payload, state: 'pending' };
      deployments.push(deployment);
      return { status: 201, body: { ...example('deployment', 'deployment'), ...deployment } };
    },
    'POST /deployments/(\\d+)/statuses': ({ body }, id) => {
      const deployment = deployments.find((each) => each.id === Number(id));
      if (!deployment) return { status: 404, body: { message: 'Not Found' } };
      if (body.description.length > 140)
        return invalid('description is too long (maximum is 140 characters)');
      deployment.state = body.state;
      for (const other of deployments) {
        const isOlder = other.environment === deployment.environment && other.id < deployment.id;
        if (body.state === 'success' && body.auto_inactive !== false && isOlder) other.state = 'inactive';
      }
      return { status: 201, body: { ...example('deployment_status', 'deployment_status'), ...body } };
    },
    'GET /compare/(\\w+)\\.\\.\\.(\\w+)': (_, base = '', head = '') => {
      const [from, to] = [history.indexOf(base), history.indexOf(head)];
      if (from === -1 || to === -1) return { status: 404, body: { message: 'Not Found' } };
      const ahead = to - from;
      const status = ahead === 0 ? 'identical' : ahead > 0 ? 'ahead' : 'behind';
      return { status: 200, body: { status, ahead_by: Math.max(ahead, 0), behind_by: Math.max(-ahead, 0) } };
    },
    'GET /commits/(\\w+)/pulls': (_, sha) => {
      const number = merged.get(sha);
      const pull = { number, merge_commit_sha: sha, merged_at: '2026-11-21T12:00:00Z', state: 'closed' };
      return {
        status: 200,
        body: number === undefined ? [] : [{ ...example('pull_request', 'pull_request'), ...pull }],
      };
    },
    'GET /issues/(\\d+)/comments': ({ query }, number) => {
      const [size, page] = [Number(query['per_page'] ?? 30), Number(query['page'] ?? 1)];
      const all = comments.get(Number(number)) ?? [];
      return { status: 200, body: all.slice((page - 1) * size, page * size) };
    },
    'POST /issues/(\\d+)/comments': ({ body }, number) => {
      const comment = { ...example('issue_comment', 'comment'), id: ++ids, user: bot, body: body.body };
      comments.set(Number(number), [...(comments.get(Number(number)) ?? []), comment]);
      return { status: 201, body: comment };
    },
    'PATCH /issues/comments/(\\d+)': ({ body }, id) => {
      const comment = [...comments.values()].flat().find((each) => each.id === Number(id));
      if (!comment) return { status: 404, body: { message: 'Not Found' } };
      comment.body = body.body;
      return { status: 200, body: comment };
    },
    'GET /issues': ({ query }) => ({
      status: 200,
      body: issues.filter(
        ({ state, labels }) => state === query['state'] && labels.includes(query['labels']!),
      ),
    }),
    'POST /issues': ({ body }) => {
      const number = 100 + issues.length;
      const issue: Issue = {
        ...example('issues', 'issue'),
        id: ++ids,
        number,
        user: bot,
        state: 'open',
        ...body,
      };
      issues.push(issue);
      return { status: 201, body: issue };
    },
    'PATCH /issues/(\\d+)': ({ body }, number) => {
      const issue = issues.find((each) => each.number === Number(number));
      if (!issue) return { status: 404, body: { message: 'Not Found' } };
      issue.state = body.state;
      return { status: 200, body: issue };
    },
  };

  const api: GitHubApi = {
    environment: {},
    requests,
    deployments,
    issues,
    comments,
    merged,
    history,
    token: 'ghs_job',
    refuse: null,
    lose: () => false,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  function answerTo(request: GitHubRequest): Answer {
    const refused = api.refuse?.(request);
    if (refused) return refused;
    for (const [route, handle] of Object.entries(routes)) {
      const [method, path] = route.split(' ');
      const match = new RegExp(`^${repository}${path}$`).exec(request.path);
      if (!match || method !== request.method) continue;
      const answer = handle(request, ...match.slice(1));
      return api.lose(request) ? { status: 502, body: { message: 'Bad Gateway' } } : answer;
    }
    return { status: 404, body: { message: 'Not Found' } };
  }
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await read(request);
    requests.push(received);
    const isAllowed = request.headers.authorization === `token ${api.token}`;
    const { status, body = { message: 'refused' }, headers } = isAllowed ? answerTo(received) : UNAUTHORIZED;
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
    response.end(JSON.stringify(body));
  }
  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return Object.assign(api, {
    environment: {
      GITHUB_API_URL: `http://127.0.0.1:${address.port}`,
      GITHUB_REPOSITORY: 'example/shop',
      GITHUB_SHA: COMMIT,
    },
  });
}

export const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const UNAUTHORIZED: Answer = { status: 401, body: { message: 'Bad credentials' } };

function invalid(message: string): Answer {
  return { status: 422, body: { message: 'Validation Failed', errors: [{ message }] } };
}

async function read(request: IncomingMessage): Promise<GitHubRequest> {
  const url = new URL(request.url ?? '/', 'http://github');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    body: text === '' ? null : JSON.parse(text),
  };
}
