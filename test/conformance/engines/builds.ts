// Builds and pushes with the engine of DOCKER_HOST or a Docker context, to a registry of its own.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareImage } from '../../../src/image/image.ts';
import type { BuildRequest } from '../../../src/core/request.ts';
import { buildRequest, imagePorts } from '../../support/image-ports.ts';
import { startRegistry } from '../../support/registry.ts';
import { Secret } from '../../../src/core/secrecy/secret.ts';

/** Its importer is `importBusybox`. */
export const BASE = 'conformance-busybox';
const SECRET = 'hunter2hunter2';

/** Lets the engine reach a port of this machine's loopback. By default it can. */
type Reach = (port: number) => Promise<void>;

/** Builds with arguments, a secret, a target and .dockerignore, and pushes. */
export async function buildEverything(reach?: Reach): Promise<void> {
  const steps = [
    `FROM ${BASE} AS first`,
    'ARG WHO',
    'COPY . /files',
    `RUN echo ${randomUUID()} "by $WHO" $(cat /files/*)`,
    'RUN --mount=type=secret,id=token,required=true echo "got $(cat /run/secrets/token)"',
    'FROM first',
    'RUN exit 1',
  ];
  const log = await build({
    files: {
      Dockerfile: steps.join('\n'),
      kept: 'a file that is kept\n',
      'left-out': 'a file that is left out\n',
      '.dockerignore': 'left-out\nDockerfile\n',
    },
    request: { target: 'first', buildArgs: { WHO: 'argument' }, buildSecrets: { token: new Secret(SECRET) } },
    reach,
  });
  assert.match(log, /by argument a file that is kept\n/);
  assert.match(log, /got \*\*\*/);
  assert.doesNotMatch(log, /is left out|hunter2/);
}

/** Builds an image for linux/arm64 that contains `program`, runs it in the build, and pushes. */
export async function buildForArm64(program: string, reach?: Reach): Promise<void> {
  const dockerfile = 'FROM scratch\nCOPY program /program\nRUN ["/program", "--version"]\n';
  const log = await build({
    files: { Dockerfile: dockerfile, program: await readFile(program) },
    request: { platforms: ['linux/arm64'] },
    reach,
  });
  assert.match(log, /^#\d+ \d+\.\d+\.\d+$/m);
}

/** The log of a build whose image is in the registry with the returned digest. */
async function build(wanted: {
  readonly files: Readonly<Record<string, string | Buffer>>;
  readonly request: Partial<BuildRequest>;
  readonly reach: Reach | undefined;
}): Promise<string> {
  const context = await mkdtemp(join(tmpdir(), 'ecs-ramp-conformance-'));
  const registry = await startRegistry();
  try {
    await wanted.reach?.(Number(registry.host.split(':')[1]));
    for (const [name, content] of Object.entries(wanted.files))
      await writeFile(join(context, name), content, { mode: 0o755 });
    const { ports, log } = await imagePorts(registry, { repository: 'conformance/web' });
    const { digest } = await prepareImage(buildRequest({ context, ...wanted.request }), ports);
    assert.equal(await ports.registry.digestOf('v1'), digest);
    return log.join('\n');
  } finally {
    await registry.stop();
    await rm(context, { recursive: true });
  }
}
