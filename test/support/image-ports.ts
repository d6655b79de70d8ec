// Runs image builds of tests with the real Docker engine and a local registry.
import { connectDocker } from '../../src/image/engine.ts';
import { registryFor } from '../../src/image/registry.ts';
import type { ImageContext } from '../../src/image/image.ts';
import type { BuildRequest } from '../../src/core/request.ts';
import { systemClock } from '../../src/core/time/clock.ts';
import type { TestRegistry } from './registry.ts';
import { Secret } from '../../src/core/secrecy/secret.ts';

/** A build request with the defaults, except for what the test overrides. */
export function buildRequest(given: Pick<BuildRequest, 'context'> & Partial<BuildRequest>): BuildRequest {
  return {
    kind: 'build',
    file: `${given.context}/Dockerfile`,
    target: null,
    buildArgs: {},
    buildSecrets: {},
    labels: {},
    platforms: [],
    cacheFrom: [],
    reuse: false,
    tags: ['v1'],
    push: { repository: 'img-test', registry: null, username: null, password: null },
    ...given,
  };
}

/** Dependencies of prepareImage, and what it reported to them. */
export async function imagePorts(
  registry: TestRegistry,
  given: { readonly repository?: string } & Partial<ImageContext> = {},
): Promise<{
  readonly ports: ImageContext;
  readonly log: string[];
  readonly told: unknown[];
  readonly masked: string[];
}> {
  const { repository = 'img-test', ...others } = given;
  const log: string[] = [];
  const told: unknown[] = [];
  const masked: string[] = [];
  const { host, username, password } = registry;
  const target = { repository, registry: host, username, password: new Secret(password) };
  const ports: ImageContext = {
    docker: () => connectDocker(process.env),
    env: process.env,
    registry: await registryFor(target, () => Promise.reject(new Error('no ECR here'))),
    source: { commit: null, repositoryUrl: null, committedAt: null, runUrl: null, actor: null },
    clock: systemClock,
    say: (line) => log.push(line),
    group: (title) => log.push(`> ${title}`),
    endGroup: () => log.push('<'),
    tell: (event) => told.push(event),
    mask: (secret) => masked.push(secret),
    signal: new AbortController().signal,
    ...others,
  };
  return { ports, log, told, masked };
}
