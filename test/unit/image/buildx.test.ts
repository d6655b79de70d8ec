import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rm, writeFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { prepareImage, type ImageContext } from '../../../src/image/image.ts';
import type { RegistryAccess } from '../../../src/image/registry-access.ts';
import { systemClock } from '../../../src/core/time/clock.ts';
import { emptyRegistry } from '../../support/empty-registry.ts';
import { buildRequest } from '../../support/image-ports.ts';
import { Secret } from '../../../src/core/secrecy/secret.ts';

/** Several platforms: a fake `docker` on PATH records its parameters and simulates a build. */

const DIGEST = `sha256:${'a'.repeat(64)}`;
const before = { PATH: process.env['PATH'], DOCKER_CONFIG: process.env['DOCKER_CONFIG'] };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecs-ramp-buildx-test-'));
  await mkdir(join(folder, 'own'));
  await writeFile(
    join(folder, 'own', 'config.json'),
    '{"auths":{"other":{"auth":"eA=="}},"credsStore":"desktop"}',
  );
  await writeFile(join(folder, 'Dockerfile'), 'FROM scratch');
  process.env['PATH'] = `${folder}${delimiter}${before.PATH}`;
  process.env['DOCKER_CONFIG'] = join(folder, 'own');
});

afterEach(async () => {
  for (const [key, value] of Object.entries(before))
    if (value === undefined) delete process.env[key];
    else process.env[key] = value;
  await rm(folder, { recursive: true });
});

async function dockerDoes(script: string): Promise<void> {
  await writeFile(join(folder, 'docker'), `#!/bin/sh\n[ "$2" = version ] && exit 0\n${script}\n`, {
    mode: 0o755,
  });
}

const nothing = (): void => undefined;

function run(inRegistry: string | null, env: ImageContext['env'] = process.env) {
  const registry: RegistryAccess = {
    ...emptyRegistry,
    repository: 'shop/web',
    credentials: () => Promise.resolve({ username: 'me', password: new Secret('pass:word') }),
    digestOf: () => Promise.resolve(inRegistry),
  };
  const log: string[] = [];
  const ports: ImageContext = {
    docker: () => Promise.reject(new Error('the engine is not asked')),
    registry,
    env,
    source: { commit: 'c0ffee', repositoryUrl: null, committedAt: null, runUrl: null, actor: null },
    clock: systemClock,
    say: (line) => log.push(line),
    group: nothing,
    endGroup: nothing,
    tell: nothing,
    mask: nothing,
    signal: new AbortController().signal,
  };
  const request = buildRequest({
    context: folder,
    platforms: ['linux/amd64', 'linux/arm64'],
    buildArgs: { A: 'b c' },
    buildSecrets: { npm: new Secret('hunter2') },
    tags: ['v1', 'latest'],
    push: {
      repository: 'shop/web',
      registry: 'registry.example.com',
      username: 'me',
      password: new Secret('pass:word'),
    },
  });
  return { image: prepareImage(request, ports), log };
}

const succeeding = `
printf '%s\\n' "$@" > "$OUT"/parameters
cat "$DOCKER_CONFIG/config.json" > "$OUT"/config.json
echo "the secret is $ECS_RAMP_BUILD_SECRET_0"
for parameter in "$@"; do case "$parameter" in --metadata-file=*) file="\${parameter#*=}";; esac; done
echo '{"containerimage.digest":"${DIGEST}"}' > "$file"`;

test('buildx gets the whole request, the registry, and secrets by environment only', async () => {
  await dockerDoes(`OUT=${folder}${succeeding}`);
  const { image, log } = run(DIGEST);
  expect(await image).toEqual({
    reference: `registry.example.com/shop/web@${DIGEST}`,
    digest: DIGEST,
    tags: ['v1', 'latest'],
  });
  const parameters = (await readFile(join(folder, 'parameters'), 'utf8')).trim().split('\n');
  expect(parameters).toEqual(
    expect.arrayContaining(['--push', '--platform=linux/amd64,linux/arm64', 'A=b c']),
  );
  expect(parameters).toEqual(expect.arrayContaining(['registry.example.com/shop/web:latest', folder]));
  expect(parameters).toContain('org.opencontainers.image.revision=c0ffee');
  expect(parameters.join()).not.toMatch(/hunter2|pass:word/);
  expect(log).toContain('the secret is ***');
  const auth = Buffer.from('me:pass:word').toString('base64');
  expect(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))).toEqual({
    auths: { other: { auth: 'eA==' }, 'registry.example.com': { auth } },
    credHelpers: { 'registry.example.com': '' },
    credsStore: 'desktop',
  });
});

test("the login is written to the job's own folder for temporary files, and removed with it", async () => {
  const temp = join(folder, 'temp');
  await mkdir(temp);
  await dockerDoes(`echo "config in $DOCKER_CONFIG"\nOUT=${folder}${succeeding}`);
  const { image, log } = run(DIGEST, { ...process.env, RUNNER_TEMP: temp });
  await image;
  expect(log).toContainEqual(expect.stringContaining(`config in ${temp}/`));
  expect(await readdir(temp)).toEqual([]);
});

test('a build that fails is told with its last lines', async () => {
  await dockerDoes('echo "no such file $ECS_RAMP_BUILD_SECRET_0" >&2; exit 4');
  await expect(run(null).image).rejects.toThrow(
    'docker buildx build ended with exit code 4. Last lines of its output:\nno such file ***',
  );
});

test('what the registry was given is not shown in any form that tools repeat it in', async () => {
  const auth = Buffer.from('me:pass:word').toString('base64');
  const forms = ['pass:word', 'pass%3Aword', auth, Buffer.from('hunter2').toString('base64')];
  await dockerDoes(`echo "401 for ${forms.join(' ')}" >&2; exit 4`);
  const { image, log } = run(null);
  await expect(image).rejects.toThrow('401 for *** *** *** ***');
  expect(log).toContain('401 for *** *** *** ***');
});

test('an image that the registry does not have is not deployed', async () => {
  await dockerDoes(`OUT=${folder}${succeeding}`);
  await expect(run(null).image).rejects.toThrow(
    `was pushed as ${DIGEST}, but registry.example.com has no such tag`,
  );
});

test('names that are not UTF-8 are shown, which buildx does not do', async () => {
  await writeFile(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from('caf\xe9.txt', 'latin1')]), '');
  await dockerDoes('echo "rpc error: string field contains invalid UTF-8" >&2; exit 1');
  await expect(run(null).image).rejects.toThrow(/not valid UTF-8.*: caf\\xe9\.txt/);
});

describe('a Dockerfile that mounts an SSH agent', () => {
  const agent = process.env['SSH_AUTH_SOCK'];
  afterEach(() => {
    if (agent === undefined) delete process.env['SSH_AUTH_SOCK'];
    else process.env['SSH_AUTH_SOCK'] = agent;
  });

  test('gets the one of the job', async () => {
    await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\nRUN --mount=type=ssh git clone');
    process.env['SSH_AUTH_SOCK'] = '/agent';
    await dockerDoes(`OUT=${folder}${succeeding}`);
    await run(DIGEST).image;
    expect(await readFile(join(folder, 'parameters'), 'utf8')).toContain('--ssh=default');
  });

  test('fails with the reason if the job has none', async () => {
    await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\nRUN --mount=type=ssh git clone');
    delete process.env['SSH_AUTH_SOCK'];
    await dockerDoes('echo denied; exit 1');
    await expect(run(null).image).rejects.toThrow(/denied\nRUN --mount=type=ssh requires an SSH agent/);
  });
});
