import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type Docker from 'dockerode';
import type { Environment } from '../core/environment.ts';
import type { BuildRequest, Source } from '../core/request.ts';
import { type Clock, SECOND } from '../core/time/clock.ts';
import type { ImageBuilt, Notice, ImagePushed } from '../core/trail/event.ts';
import { buildImage } from './build.ts';
import { buildWithBuildx } from './buildx.ts';
import { proxyBuildArgs, readDockerConfig } from './docker-config.ts';
import { findLogin } from './docker-login.ts';
import { connectEngine } from './engine.ts';
import { isNoSuchFile } from './system-error.ts';
import { imageLabels } from './labels.ts';
import { withHeartbeat } from '../core/time/heartbeat.ts';
import { pushImage } from './push.ts';
import { verifyPushed } from './verify-pushed.ts';
import { secretParts, writtenForms } from '../core/secrecy/known-secrets.ts';
import { urlPasswords } from '../core/secrecy/url-passwords.ts';
import { redactor } from './redaction.ts';
import type { RegistryAccess, RegistryCredentials } from './registry-access.ts';
import { completeTags, findReusable, findSameSources } from './reuse.ts';
import { sourceTag } from './source-tag.ts';
import { errorText, UserError } from '../core/failure.ts';

const LONGEST_SILENCE = 20 * SECOND;

/** What is deployed: a digest, never a tag. */
export interface Image {
  /** `registry.example.com/shop/web@sha256:...` */
  readonly reference: string;
  /** `sha256:...` */
  readonly digest: string;
  readonly tags: readonly string[];
}

export interface ImageContext {
  /** Called only when something is built: `connectDocker`. */
  readonly docker: () => Promise<Docker>;
  readonly registry: RegistryAccess;
  /** The variables of Docker, and those of the programs that build. */
  readonly env: Environment;
  readonly source: Source;
  readonly clock: Clock;
  /** Prints a line to the log. */
  readonly say: (line: string) => void;
  readonly group: (title: string) => void;
  readonly endGroup: () => void;
  readonly tell: (event: ImageBuilt | ImagePushed | Notice) => void;
  /** Hides a value in the runner's log. */
  readonly mask: (secret: string) => void;
  /** Stops build and push; the call then rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/**
 * Builds and pushes, or finds the image that an earlier run of the same commit pushed. Rejects with
 * a UserError with cause and fix.
 */
export async function prepareImage(request: BuildRequest, ports: ImageContext): Promise<Image> {
  const { username } = request.push;
  const password = request.push.password?.reveal() ?? null;

  const login =
    password === null ? [] : [password, Buffer.from(`${username}:${password}`).toString('base64')];
  const secrets = [...login, ...Object.values(request.buildSecrets).map((secret) => secret.reveal())].flatMap(
    writtenForms,
  );
  for (const part of secretParts(secrets)) ports.mask(part);
  const { registry, signal, source } = ports;
  const redact = redactor(secrets);
  try {
    signal.throwIfAborted();
    await checkFiles(request);
    const labels = imageLabels(source, request.labels);
    const work: Work = { request, ports, labels, redact };
    const digest = await (request.reuse ? ofSameSources(work) : ofSameCommit(work));
    return { reference: referenceOf(registry, digest), digest, tags: request.tags };
  } catch (error) {
    // After an abort, the abort is the reason, whatever error it caused.
    signal.throwIfAborted();
    // A registry's message may contain the secrets that were sent to it.
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.problems.map(redact), { cause: error.cause });
  }
}

interface Work {
  readonly request: BuildRequest;
  readonly ports: ImageContext;
  readonly labels: Readonly<Record<string, string>>;
  readonly redact: (text: string) => string;
}

async function checkFiles({ context, file }: BuildRequest): Promise<void> {
  const [folder, dockerfile] = await Promise.all([kindOf(context), kindOf(file)]);
  if (folder !== 'directory')
    throw new UserError(
      `The build context ${context} ${folder === null ? 'does not exist' : 'is not a directory'}: correct \`context\`; in a workflow, check out the repository first (actions/checkout).`,
    );
  if (dockerfile !== 'file')
    throw new UserError(
      `There is no Dockerfile at ${file}: correct \`file\` (by default Dockerfile in \`context\`).`,
    );
}

async function kindOf(path: string): Promise<'file' | 'directory' | null> {
  const stats = await stat(path).catch((error: unknown) => {
    if (isNoSuchFile(error)) return null;
    throw error;
  });
  return stats && (stats.isDirectory() ? 'directory' : 'file');
}

async function ofSameSources(work: Work): Promise<string> {
  const { request, ports } = work;
  const sources = await sourceTag(request);
  ports.signal.throwIfAborted();
  const found = await findSameSources(ports.registry, sources, request.tags);
  if (found !== null) return reuse(work, found, 'the same files');
  const digest = await ofSameCommit(work);
  try {
    await ports.registry.tag(digest, sources);
  } catch (error) {
    // Another run may have built the same files at the same time, and the tag may be immutable.
    ports.say(`The image has no tag ${sources}, so a later build does not find it: ${errorText(error)}`);
  }
  return digest;
}

async function ofSameCommit(work: Work): Promise<string> {
  const { request, ports, labels } = work;
  const found = await findReusable({ registry: ports.registry, tags: request.tags, labels });
  return found === null ? buildAndPush(work) : reuse(work, found, 'this commit, and its tag is immutable');
}

async function reuse(work: Work, digest: string, why: string): Promise<string> {
  const { request, ports } = work;
  const { registry, clock, say, tell } = ports;
  const begun = clock.now();
  say(`${registry.repository}@${digest} was already built from ${why}: ecs-ramp uses it.`);
  tell({ kind: 'built', took: 0, reused: true });
  await completeTags(registry, digest, request.tags);
  tellPushed(work, digest, begun);
  return digest;
}

function buildAndPush(work: Work): Promise<string> {
  return work.request.platforms.length > 1 ? viaBuildx(work) : viaEngine(work);
}

async function viaEngine(work: Work): Promise<string> {
  const { request, ports } = work;
  const { registry, clock, say, signal, tell } = ports;
  const engine = await connectEngine(ports.docker);
  const config = await readDockerConfig(ports.env);
  const own = await ownCredentials(ports);
  const login = async (host: string): Promise<RegistryCredentials | null> => {
    if (own && host === registry.host) return own;
    const found = await findLogin(config, host, ports.env);
    if (found) ports.mask(found.password.reveal());
    return found;
  };
  const buildArgs = { ...proxyBuildArgs(config, engine.address, request.buildArgs), ...request.buildArgs };
  const build = { ...request, buildArgs };
  const passwords = Object.values(buildArgs).flatMap(urlPasswords);
  for (const password of passwords) ports.mask(password);
  const hide = redactor(passwords.flatMap(writtenForms));
  const redact = (text: string): string => hide(work.redact(text));
  const names = namesOf(work);
  const building = clock.now();
  const steps = await grouped(ports, `Build ${names[0]}`, () =>
    buildImage({ ...work, request: build, redact, engine, names, login, clock, say, signal }),
  );
  const took = clock.now() - building;
  tell({ kind: 'built', took, steps, reused: false });
  const pushing = clock.now();
  // The runner empties its folder even if this process is killed.
  const folder = ports.env['RUNNER_TEMP'] || tmpdir();
  const digest = await grouped(ports, `Push ${names[0]}`, () =>
    pushImage({ engine, registry, tags: request.tags, built: took, folder, clock, say, signal }),
  );
  tellPushed(work, digest, pushing);
  return digest;
}

async function viaBuildx(work: Work): Promise<string> {
  const { request, ports } = work;
  const { registry, clock, signal, tell } = ports;
  const names = namesOf(work);
  const credentials = await ownCredentials(ports);
  const begun = clock.now();
  const talk = withHeartbeat(clock, LONGEST_SILENCE, {
    say: ports.say,
    remind: () => ports.say('docker buildx is still building.'),
  });
  try {
    const title = `Build and push ${names[0]} for ${request.platforms.join(', ')}`;
    const told = await grouped(ports, title, () =>
      buildWithBuildx({
        ...work,
        names,
        host: registry.host,
        credentials,
        env: ports.env,
        say: talk.say,
        signal,
      }),
    );
    tell({ kind: 'built', took: clock.now() - begun, reused: false });
    const pushed = clock.now();
    for (const tag of request.tags) await verifyPushed({ registry, tag, told });
    tellPushed(work, told, pushed);
    return told;
  } finally {
    talk.end();
  }
}

async function ownCredentials({ registry, mask }: ImageContext): Promise<RegistryCredentials | null> {
  const credentials = await registry.credentials();
  if (credentials) mask(credentials.password.reveal());
  return credentials;
}

async function grouped<T>(ports: ImageContext, title: string, work: () => Promise<T>): Promise<T> {
  ports.group(title);
  try {
    return await work();
  } finally {
    ports.endGroup();
  }
}

function tellPushed({ request, ports }: Work, digest: string, since: number): void {
  const { registry, clock, tell } = ports;
  const image = referenceOf(registry, digest);
  tell({ kind: 'pushed', image, digest, tags: request.tags, took: clock.now() - since });
}

function namesOf({ request, ports }: Work): string[] {
  return request.tags.map((tag) => `${ports.registry.host}/${ports.registry.repository}:${tag}`);
}

function referenceOf({ host, repository }: RegistryAccess, digest: string): string {
  return `${host}/${repository}@${digest}`;
}
