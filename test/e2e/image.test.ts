import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import Docker from 'dockerode';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareImage, type ImageContext } from '../../src/image/image.ts';
import { systemClock, type Clock } from '../../src/core/time/clock.ts';
import { baseImage } from '../../examples/base-image.ts';
import { importBusybox } from '../support/base-image.ts';
import { filesIn, removeImages } from '../support/docker.ts';
import { buildRequest, imagePorts } from '../support/image-ports.ts';
import { registryFor } from '../../src/image/registry.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { UserError } from '../../src/core/failure.ts';
import { Secret } from '../../src/core/secrecy/secret.ts';

const BASE = `img-busybox-${randomUUID()}`;
const REPOSITORY = 'img-e2e/web';

let registry: TestRegistry;
let context: string;

beforeAll(async () => {
  registry = await startRegistry();
  importBusybox(BASE);
});

afterAll(async () => {
  await registry.stop();
  removeImages(`${registry.host}/${REPOSITORY}`);
  removeImages(BASE);
});

beforeEach(async () => {
  context = await mkdtemp(join(tmpdir(), 'ecs-ramp-image-'));
});

afterEach(() => rm(context, { recursive: true }));

async function dockerfile(text: string): Promise<void> {
  await writeFile(join(context, 'Dockerfile'), text);
}

/** Makes each build different, so that nothing comes from the cache of an earlier run. */
const unique = (): string => `unique ${randomUUID()}`;

async function outside(given: Partial<ImageContext> = {}) {
  return imagePorts(registry, { repository: REPOSITORY, ...given });
}

async function failure(
  request: Partial<Parameters<typeof buildRequest>[0]> = {},
  given: Partial<ImageContext> = {},
): Promise<{ readonly error: Error; readonly log: readonly string[] }> {
  const { ports, log } = await outside(given);
  try {
    await prepareImage(buildRequest({ context, ...request }), ports);
  } catch (error) {
    if (error instanceof Error) return { error, log };
  }
  throw new Error('It was built.');
}

const name = (tag: string): string => `${registry.host}/${REPOSITORY}:${tag}`;

describe('an image that builds', () => {
  test('is in the registry with all tags, the returned digest and labels that name its source', async () => {
    await dockerfile(`FROM scratch\nCOPY . /\nLABEL x="${unique()}"`);
    const source = {
      commit: 'c0ffee',
      repositoryUrl: 'https://github.com/shop/shop',
      committedAt: '2026-11-01T10:00:00Z',
      runUrl: null,
      actor: null,
    };
    const { ports, told } = await outside({ source });
    const labels = { team: 'web', 'org.opencontainers.image.source': 'https://example.com' };
    const image = await prepareImage(buildRequest({ context, tags: ['c0ffee', 'latest'], labels }), ports);

    expect(image.reference).toBe(`${registry.host}/${REPOSITORY}@${image.digest}`);
    expect(await ports.registry.digestOf('c0ffee')).toBe(image.digest);
    expect(await ports.registry.digestOf('latest')).toBe(image.digest);
    expect(await ports.registry.labelsOf(image.digest)).toMatchObject({
      team: 'web',
      'org.opencontainers.image.revision': 'c0ffee',
      'org.opencontainers.image.source': 'https://example.com',
      'org.opencontainers.image.created': '2026-11-01T10:00:00Z',
    });
    expect(told).toMatchObject([
      { kind: 'built', reused: false, steps: [{ name: '[1/1] COPY . /' }] },
      { kind: 'pushed', image: image.reference, digest: image.digest, tags: ['c0ffee', 'latest'] },
    ]);
  });

  test('supports a target, build arguments and a Dockerfile outside of the context', async () => {
    await writeFile(
      join(context, 'Other'),
      `FROM ${BASE} AS first\nARG WHO\nRUN echo -n $WHO > /who\nFROM first\nRUN exit 1`,
    );
    await mkdir(join(context, 'inner'));
    const { ports, log } = await outside();
    const request = { context: join(context, 'inner'), file: join(context, 'Other'), target: 'first' };
    await prepareImage(buildRequest({ ...request, buildArgs: { WHO: 'a=b c' } }), ports);
    expect(filesIn(name('v1'))).toContainEqual(expect.stringMatching(/ 5 who$/));
    expect(log.join('\n')).toMatch(/^> Build .*#\d+ \[first 2\/2\] RUN echo.*#\d+ done in [\d.]+ s.*^<$/ms);
  });

  test('gets its secrets, and the log never shows them', async () => {
    await dockerfile(
      `FROM ${BASE}\nRUN --mount=type=secret,id=token,required=true echo ${unique()}; echo got $(cat /run/secrets/token)`,
    );
    const { ports, log, masked } = await outside();
    await prepareImage(
      buildRequest({ context, buildSecrets: { token: new Secret('hunter2hunter2') } }),
      ports,
    );
    expect(log.join('\n')).toMatch(/#\d+ got \*\*\*/);
    expect(log.join('\n')).not.toContain('hunter2');
    expect(masked).toEqual(expect.arrayContaining(['hunter2hunter2', registry.password]));
  });

  test('logs which steps were cached, and includes its cache if cache-from is given', async () => {
    await dockerfile(`FROM ${BASE}\nRUN echo ${unique()}`);
    await prepareImage(buildRequest({ context }), (await outside()).ports);
    const { ports, log, told } = await outside();
    const request = buildRequest({ context, cacheFrom: [name('v1')] });
    const { digest } = await prepareImage(request, ports);
    expect(log).toContainEqual(expect.stringMatching(/^#\d+ CACHED$/));
    expect(told[0]).toMatchObject({ steps: [{}, { cached: true }] });
    const config = await configOf(digest);
    expect(config).toHaveProperty(['moby.buildkit.cache.v0']);
  });
});

describe('a build that fails', () => {
  test('names the step, its line in the Dockerfile, the exit code and its last output', async () => {
    await dockerfile(
      `FROM ${BASE} AS a\n\nFROM ${BASE}\nCOPY . /x\nRUN echo begin && \\\n  # why\n  seq 30 && \\\n  exit 3\nRUN echo never`,
    );
    const { error } = await failure();
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toMatch(/Dockerfile:5: \[stage-1 3\/4\] RUN echo begin .* failed: exit code 3\./);
    expect(error.message.split('\n').slice(1)).toEqual([
      'Last lines of its output:',
      ...Array.from({ length: 20 }, (_, index) => `  ${index + 11}`),
    ]);
  });

  test('never shows a secret in its message', async () => {
    await dockerfile(`FROM ${BASE}\nRUN --mount=type=secret,id=token cat /run/secrets/token && exit 1`);
    const { error } = await failure({ buildSecrets: { token: new Secret('first line\nsecond line') } });
    expect(error.message).toMatch(/Last lines of its output:\n {2}\*\*\*/);
    expect(error.message).not.toMatch(/first|second/);
  });

  test.each([
    [
      'a missing file',
      'FROM scratch\nCOPY nothing /',
      {},
      /Dockerfile:2: .*COPY nothing \/ failed: .*"\/nothing" not found/,
    ],
    ['an unknown instruction', 'FROM scratch\nCOPPY . /', {}, /Dockerfile:2: unknown instruction: COPPY/],
    [
      'a missing required secret',
      `FROM ${BASE}\nRUN --mount=type=secret,id=npm,required=true echo`,
      {},
      /Dockerfile:2: .* failed: secret npm.* not found/,
    ],
    [
      'an unknown target',
      'FROM scratch AS one\nFROM scratch\nCOPY . /',
      { target: 'two' },
      /Dockerfile: it has no stage "two" \(`target`\): its stages are one, 1\./,
    ],
    [
      'a malformed .dockerignore',
      'FROM scratch\nCOPY . /',
      { ignore: 'a[' },
      /malformed pattern: a\[|syntax error in pattern/,
    ],
  ])(
    'because of %s names the reason',
    async (_, text, { target = null, ignore = '' }: { target?: string | null; ignore?: string }, message) => {
      await dockerfile(text);
      await writeFile(join(context, '.dockerignore'), ignore);
      const { error } = await failure({ target });
      expect(error).toBeInstanceOf(UserError);
      expect(error.message).toMatch(message);
    },
  );

  test('is refused without a context or a Dockerfile', async () => {
    const absent = join(context, 'absent');
    expect((await failure({ context: absent })).error.message).toMatch(
      `The build context ${absent} does not exist: correct \`context\``,
    );
    expect((await failure()).error.message).toMatch(
      `There is no Dockerfile at ${context}/Dockerfile: correct \`file\``,
    );
  });

  test('without a Docker engine names the place where it was expected', async () => {
    await dockerfile('FROM scratch');
    const { error } = await failure({}, { docker: nowhere });
    expect(error.message).toMatch(
      /^No Docker engine answers at unix:\/\/.* \(connect ENOENT .*\): start one or set DOCKER_HOST.* set `image`\.$/,
    );
  });

  test('for several platforms without buildx names buildx as missing', async () => {
    await dockerfile('FROM scratch');
    const { error } = await failure({ platforms: ['linux/amd64', 'linux/arm64'] });
    expect(error.message).toMatch(
      'Several platforms (linux/amd64, linux/arm64) require docker buildx, which is not installed: install it',
    );
  });
});

describe('RUN --mount=type=ssh', () => {
  const before = process.env['SSH_AUTH_SOCK'];
  afterEach(() => {
    if (before === undefined) delete process.env['SSH_AUTH_SOCK'];
    else process.env['SSH_AUTH_SOCK'] = before;
  });

  test('reaches the SSH agent of the job', async () => {
    // Not a real agent: it answers each message with the same message in capital letters.
    const agent = net.createServer((socket) => {
      socket.on('data', (bytes) => socket.end(bytes.toString().toUpperCase()));
      socket.on('error', () => {});
    });
    const folder = await mkdtemp(join(tmpdir(), 'ecs-ramp-agent-'));
    agent.listen(join(folder, 'agent'));
    await once(agent, 'listening');
    process.env['SSH_AUTH_SOCK'] = join(folder, 'agent');
    const ask = `require('net').connect(process.env.SSH_AUTH_SOCK).on('data', d => console.log(d + '')).write('hello ${unique()}')`;
    await dockerfile(
      `FROM ${await baseImage(new Docker())}\nRUN --mount=type=ssh,required=true ${JSON.stringify(['node', '-e', ask])}`,
    );
    try {
      const { ports, log } = await outside();
      await prepareImage(buildRequest({ context }), ports);
      expect(log.join('\n')).toMatch(/#\d+ HELLO UNIQUE/);
    } finally {
      agent.close();
      await rm(folder, { recursive: true });
    }
  });

  test.each([
    ['', undefined, /failed: exit code 7.*\nRUN --mount=type=ssh requires an SSH agent/s],
    [
      ',required=true',
      undefined,
      /Dockerfile:2: .*RUN --mount=type=ssh requires an SSH agent.*SSH_AUTH_SOCK is set/s,
    ],
    [',required=true', '/nowhere/agent', /no SSH agent answers at \/nowhere\/agent \(SSH_AUTH_SOCK\)/],
    [',id=github,required=true', undefined, /forwards only one SSH agent: remove the id/],
  ])('that fails without an agent is explained (%s, %s)', async (options, socket, expected) => {
    if (socket === undefined) delete process.env['SSH_AUTH_SOCK'];
    else process.env['SSH_AUTH_SOCK'] = socket;
    await dockerfile(`FROM ${BASE}\nRUN --mount=type=ssh${options} echo ${unique()}; exit 7`);
    expect((await failure()).error.message).toMatch(expected);
  });
});

describe("Docker's configuration", () => {
  test('names the engine by a context, and the proxies of the build', async () => {
    const socketPath = (process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock').replace('unix://', '');
    const open: net.Socket[] = [];
    const forwarder = net.createServer((from) => {
      const to = net.connect(socketPath);
      open.push(from, to);
      from.pipe(to).pipe(from);
      from.on('error', () => to.destroy());
      to.on('error', () => from.destroy());
    });
    forwarder.listen(0, '127.0.0.1');
    await once(forwarder, 'listening');
    const Host = `tcp://${hostOf(forwarder)}`;
    await dockerfile(`FROM ${BASE}\nARG INDEX\nRUN echo ${unique()} with $HTTP_PROXY, $no_proxy, $INDEX`);
    const config = {
      currentContext: 'forwarded',
      proxies: { [Host]: { httpProxy: 'http://anna:hunter2@proxy:3128', noProxy: '.local' } },
    };
    const buildArgs = { no_proxy: '.own', INDEX: 'https://eva:s3cret@index.example.com' };
    const before = process.env['DOCKER_HOST'];
    delete process.env['DOCKER_HOST'];
    try {
      await withDockerConfig(config, async (folder) => {
        const meta = join(folder, 'contexts/meta', createHash('sha256').update('forwarded').digest('hex'));
        await mkdir(meta, { recursive: true });
        await writeFile(join(meta, 'meta.json'), JSON.stringify({ Endpoints: { docker: { Host } } }));
        const { ports, log } = await outside();
        await prepareImage(buildRequest({ context, buildArgs }), ports);
        expect(log.join('\n')).toContain(
          'with http://anna:***@proxy:3128, .own, https://eva:***@index.example.com',
        );
        expect(log.join('\n')).not.toContain('s3cret');
      });
    } finally {
      if (before !== undefined) process.env['DOCKER_HOST'] = before;
      forwarder.close();
      for (const socket of open) socket.destroy();
    }
  });
});

/** With another configuration of Docker, whose folder is also on PATH. */
async function withDockerConfig(config: object, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ecs-ramp-config-'));
  const { DOCKER_CONFIG: before, PATH: path } = process.env;
  try {
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
    process.env['DOCKER_CONFIG'] = folder;
    process.env['PATH'] = `${folder}:${path}`;
    await work(folder);
  } finally {
    process.env['PATH'] = path;
    if (before === undefined) delete process.env['DOCKER_CONFIG'];
    else process.env['DOCKER_CONFIG'] = before;
    await rm(folder, { recursive: true });
  }
}

const nowhere = () => Promise.resolve(new Docker({ socketPath: '/nowhere.sock' }));

describe('the registry', () => {
  test('is named when it refuses the password', async () => {
    await dockerfile('FROM scratch\nCOPY . /');
    const { ports } = await imagePorts({ ...registry, password: 'wrong' }, { repository: REPOSITORY });
    await expect(prepareImage(buildRequest({ context }), ports)).rejects.toThrow(
      new RegExp(
        `The registry ${registry.host} refused ${REPOSITORY}:v1 .*password.* is missing, wrong or expired`,
      ),
    );
  });

  test('gets its own credentials, and another host gets none', async () => {
    const seen: (string | undefined)[] = [];
    const stranger = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(401, { 'www-authenticate': 'Basic realm="stranger"' }).end();
    }).listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    try {
      await dockerfile(`FROM ${hostOf(stranger)}/base:1\nCOPY . /`);
      const { error } = await failure();
      expect(error.message).toMatch(/Dockerfile:1: /);
      expect(seen.length).toBeGreaterThan(0);
      expect(seen.filter((authorization) => authorization !== undefined)).toEqual([]);
    } finally {
      stranger.close();
    }
  });

  test('of base images gets the credentials of an earlier docker login', async () => {
    const other = await startRegistry();
    const config = await mkdtemp(join(tmpdir(), 'ecs-ramp-config-'));
    const before = process.env['DOCKER_CONFIG'];
    try {
      await dockerfile(`FROM scratch\nLABEL x="${unique()}"\nCOPY . /`);
      const { ports } = await imagePorts(other, { repository: 'img-e2e/base' });
      const { reference } = await prepareImage(buildRequest({ context }), ports);
      removeImages(`${other.host}/img-e2e/base`);
      await dockerfile(`FROM ${reference}\nCOPY . /again`);
      expect((await failure()).error.message).toMatch(/Dockerfile:1: /);
      const auth = Buffer.from(`${other.username}:${other.password}`).toString('base64');
      await writeFile(
        join(config, 'config.json'),
        JSON.stringify({ auths: { [`https://${other.host}/v1/`]: { auth } } }),
      );
      process.env['DOCKER_CONFIG'] = config;
      await prepareImage(buildRequest({ context }), (await outside()).ports);
    } finally {
      if (before === undefined) delete process.env['DOCKER_CONFIG'];
      else process.env['DOCKER_CONFIG'] = before;
      await rm(config, { recursive: true });
      await other.stop();
    }
  });

  test('of base images gets the credentials of a credential helper', async () => {
    const other = await startRegistry();
    try {
      await dockerfile(`FROM scratch\nLABEL x="${unique()}"\nCOPY . /`);
      const { ports } = await imagePorts(other, { repository: 'img-e2e/base' });
      const { reference } = await prepareImage(buildRequest({ context }), ports);
      removeImages(`${other.host}/img-e2e/base`);
      await dockerfile(`FROM ${reference}\nCOPY . /again`);
      await withDockerConfig({ credHelpers: { [other.host]: 'e2e' } }, async (config) => {
        await expect(
          outside().then(({ ports }) => prepareImage(buildRequest({ context }), ports)),
        ).rejects.toThrow(/docker-credential-e2e, which is not on PATH/);
        const answer = JSON.stringify({ Username: other.username, Secret: other.password });
        await writeFile(join(config, 'docker-credential-e2e'), `#!/bin/sh\necho '${answer}'\n`, {
          mode: 0o755,
        });
        const { ports: ours, masked } = await outside();
        await prepareImage(buildRequest({ context }), ours);
        expect(masked).toContain(other.password);
      });
    } finally {
      await other.stop();
    }
  });

  test('without a user gets the login of Docker, for the push too', async () => {
    const { host, username, password } = registry;
    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    await dockerfile(`FROM scratch\nLABEL x="${unique()}"\nCOPY . /`);
    await withDockerConfig({ auths: { [host]: { auth } } }, async () => {
      const target = { repository: REPOSITORY, registry: host, username: null, password: null };
      const access = await registryFor(target, () => Promise.reject(new Error('no ECR here')));
      const { ports } = await outside({ registry: access });
      const { digest } = await prepareImage(buildRequest({ context }), ports);
      expect(await access.digestOf('v1')).toBe(digest);
    });
  });

  test('serves base images that require a login with the same credentials', async () => {
    const tag = randomUUID();
    await dockerfile(`FROM scratch\nLABEL x="${tag}"\nCOPY . /`);
    await prepareImage(buildRequest({ context, tags: [tag] }), (await outside()).ports);
    removeImages(`${registry.host}/${REPOSITORY}`);
    await dockerfile(`FROM ${name(tag)}\nCOPY . /again`);
    await prepareImage(buildRequest({ context }), (await outside()).ports);
    expect(filesIn(name('v1'))).toContainEqual(expect.stringMatching(/ again\/Dockerfile$/));
  });

  test('with immutable tags makes a re-run of the same commit use the existing image', async () => {
    const tag = randomUUID();
    const first = await runOnce('aaa', [tag]);
    const again = await runOnce('aaa', [tag, `${tag}-too`]);
    expect(again.image.digest).toBe(first.image.digest);
    expect(again.told).toMatchObject([{ kind: 'built', reused: true }, { kind: 'pushed' }]);
    expect(await again.ports.registry.digestOf(`${tag}-too`)).toBe(first.image.digest);
    await expect(runOnce('bbb', [tag])).rejects.toThrow(
      `${REPOSITORY}:${tag} already exists (built from commit aaa), this run builds commit bbb, and the tags of this repository are immutable`,
    );
  });
});

describe('reuse-image', () => {
  const nobody = { docker: () => Promise.reject(new Error('the engine was asked')) };

  test('uses an image of the same files for other tags, without an engine', async () => {
    await dockerfile(`FROM scratch\nLABEL x="${unique()}"\nCOPY . /`);
    const request = { context, reuse: true };
    const { ports } = await outside();
    const first = await prepareImage(buildRequest(request), ports);
    const { ports: again, told, log } = await outside(nobody);
    const second = await prepareImage(buildRequest({ ...request, tags: ['v2', 'latest'] }), again);
    expect(second).toEqual({ ...first, tags: ['v2', 'latest'] });
    expect(await again.registry.digestOf('latest')).toBe(first.digest);
    expect(told).toMatchObject([
      { kind: 'built', reused: true },
      { kind: 'pushed', digest: first.digest },
    ]);
    expect(log).toContain(
      `${REPOSITORY}@${first.digest} was already built from the same files: ecs-ramp uses it.`,
    );

    await writeFile(join(context, 'new'), '');
    await expect(prepareImage(buildRequest(request), again)).rejects.toThrow('the engine was asked');
  });

  test('uses no image if it is not requested', async () => {
    await dockerfile(`FROM scratch\nLABEL x="${unique()}"\nCOPY . /`);
    const { ports } = await outside();
    await prepareImage(buildRequest({ context, reuse: true }), ports);
    const { ports: again } = await outside(nobody);
    await expect(prepareImage(buildRequest({ context }), again)).rejects.toThrow('the engine was asked');
  });

  test('is refused where an immutable tag names another image', async () => {
    await dockerfile(`FROM scratch\nLABEL x="${unique()}"\nCOPY . /`);
    const { ports } = await outside();
    await prepareImage(buildRequest({ context, tags: ['v3'] }), ports);
    await writeFile(join(context, 'new'), '');
    await prepareImage(buildRequest({ context, reuse: true }), ports);
    const registry = { ...ports.registry, isImmutable: () => Promise.resolve(true) };
    const { ports: again } = await outside({ ...nobody, registry });
    await expect(prepareImage(buildRequest({ context, reuse: true, tags: ['v3'] }), again)).rejects.toThrow(
      `${REPOSITORY}:v3 already names another image than the one that was built from these files (src-`,
    );
  });
});

describe('a running build', () => {
  test('ends at once when it is aborted', async () => {
    await dockerfile(`FROM ${BASE}\nRUN echo ${unique()} && sleep 60`);
    const cancel = new AbortController();
    const begun = Date.now();
    const say = (line: string): void => {
      if (line.includes('sleep 60')) setTimeout(() => cancel.abort(new Error('cancelled')), 200);
    };
    const { error } = await failure({}, { signal: cancel.signal, say });
    expect(error.message).toBe('cancelled');
    expect(Date.now() - begun).toBeLessThan(10_000);
  });

  test('ends at once when it is aborted during the push', async () => {
    // Accepts the upload of a layer and never answers.
    const silent = createServer((request, response) => {
      if (request.method === 'GET') response.end('{}');
      else if (request.method === 'HEAD') response.writeHead(404).end();
      else cancel.abort(new Error('cancelled'));
    }).listen(0, '127.0.0.1');
    const cancel = new AbortController();
    await once(silent, 'listening');
    try {
      await dockerfile(`FROM scratch\nLABEL x="${unique()}"\nCOPY . /`);
      const stuck = { host: hostOf(silent), username: 'a', password: 'b', stop: () => Promise.resolve() };
      const { ports } = await imagePorts(stuck, { repository: REPOSITORY, signal: cancel.signal });
      await expect(prepareImage(buildRequest({ context }), ports)).rejects.toThrow('cancelled');
      removeImages(`${stuck.host}/${REPOSITORY}`);
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  }, 20_000);

  test('reports a silent step repeatedly', async () => {
    await dockerfile(`FROM ${BASE}\nRUN echo ${unique()}; sleep 2`);
    const fast: Clock = {
      now: () => systemClock.now(),
      after: (delay, call) => systemClock.after(delay / 50, call),
    };
    const { ports, log } = await outside({ clock: fast });
    await prepareImage(buildRequest({ context }), ports);
    const reminders = log.filter((line) =>
      /^Still running: #\d+ \[2\/2\] RUN echo .* for [\d.]+ s\.$/.test(line),
    );
    expect(reminders.length).toBeGreaterThan(2);
  });
});

function hostOf(server: net.Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It listens on no port.');
  return `127.0.0.1:${address.port}`;
}

/** A run for a commit with a repository whose tags are immutable. */
async function runOnce(commit: string, tags: readonly string[]) {
  await dockerfile(`FROM scratch\nLABEL x="${unique()}"\nCOPY . /`);
  const source = { commit, repositoryUrl: null, committedAt: null, runUrl: null, actor: null };
  const { ports, told } = await outside({ source });
  const immutable = { ...ports.registry, isImmutable: () => Promise.resolve(true) };
  const image = await prepareImage(buildRequest({ context, tags }), { ...ports, registry: immutable });
  return { image, told, ports };
}

async function configOf(digest: string): Promise<object> {
  const manifest: { config: { digest: string } } = JSON.parse(await read(`manifests/${digest}`));
  return JSON.parse(await read(`blobs/${manifest.config.digest}`));
}

async function read(path: string): Promise<string> {
  const { host, username, password } = registry;
  const answer = await fetch(`http://${host}/v2/${REPOSITORY}/${path}`, {
    headers: {
      authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      accept: 'application/vnd.docker.distribution.manifest.v2+json',
    },
  });
  return answer.text();
}
