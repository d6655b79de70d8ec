import { eachLine } from '../core/lines.ts';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../core/environment.ts';
import type { BuildRequest } from '../core/request.ts';
import { architectureHint } from './build-failed.ts';
import { dockerConfigFolder, readDockerConfig } from './docker-config.ts';
import { selectEntries } from './context/select.ts';
import { withoutInputs } from './other-programs.ts';
import { NO_AGENT } from './session/ssh.ts';
import { errorCode } from './system-error.ts';
import type { RegistryCredentials } from './registry-access.ts';
import { UserError } from '../core/failure.ts';

export interface BuildxBuild {
  readonly request: BuildRequest;
  readonly labels: Readonly<Record<string, string>>;
  readonly names: readonly string[];
  readonly host: string;
  /** Of docker, which gets it without the inputs. */
  readonly env: Environment;
  readonly credentials: RegistryCredentials | null;
  readonly say: (line: string) => void;
  readonly redact: (text: string) => string;
  readonly signal: AbortSignal;
}

/**
 * Builds several platforms with docker buildx, because the engine cannot, and pushes the image.
 * Returns the digest.
 */
export async function buildWithBuildx(build: BuildxBuild): Promise<string> {
  // It contains the registry's password. The runner empties its folder even if this process is killed.
  const folder = await mkdtemp(join(build.env['RUNNER_TEMP'] || tmpdir(), 'ecs-ramp-buildx-'));
  try {
    const environment = await prepareEnvironment(folder, build);
    const run = (parameters: readonly string[], say: (line: string) => void): Promise<number> =>
      runDocker({ parameters, environment, say, signal: build.signal });
    if ((await run(['buildx', 'version'], () => undefined)) !== 0)
      throw new UserError(
        `Several platforms (${build.request.platforms.join(', ')}) require docker buildx, which is not installed: install it (in a workflow: docker/setup-buildx-action before this step), or give only one platform.`,
      );
    const metadata = join(folder, 'metadata.json');
    const last: string[] = [];
    const usesSsh = (await readFile(build.request.file, 'utf8')).includes('type=ssh');
    const hasAgent = Boolean(build.env['SSH_AUTH_SOCK']);
    const more = usesSsh && hasAgent ? ['--ssh=default'] : [];
    const code = await run(buildxParameters(build, metadata, more), (line) => {
      const safe = build.redact(line);
      if (last.push(safe) > 20) last.shift();
      build.say(safe);
    });
    if (code !== 0) {
      // docker buildx does not say which names it cannot send.
      if (last.some((line) => line.includes('invalid UTF-8'))) await checkNames(build.request.context);
      throw new UserError(
        `docker buildx build ended with exit code ${code}. Last lines of its output:\n${last.join('\n')}${architectureHint(last.join('\n'))}${usesSsh && !hasAgent ? `\n${NO_AGENT}` : ''}`,
      );
    }
    const result: { 'containerimage.digest'?: string } = JSON.parse(await readFile(metadata, 'utf8'));
    const digest = result['containerimage.digest'];
    if (!digest)
      throw new UserError(
        'docker buildx build reported no digest: its version is too old (0.6 or later is required).',
      );
    return digest;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Rejects if the context has names that cannot be sent. */
async function checkNames(root: string): Promise<void> {
  const entries = selectEntries({ root, exclude: [], include: [], follow: [] });
  while ((await entries.next()).done !== true);
}

function buildxParameters(
  { request, labels, names }: BuildxBuild,
  metadata: string,
  more: readonly string[],
): string[] {
  return [
    'buildx',
    'build',
    '--push',
    '--progress=plain',
    `--metadata-file=${metadata}`,
    `--platform=${request.platforms.join(',')}`,
    `--file=${request.file}`,
    ...each('--tag', names),
    ...each('--label', pairs(labels)),
    ...each('--build-arg', pairs(request.buildArgs)),
    ...each('--cache-from', request.cacheFrom),
    ...(request.cacheFrom.length > 0 ? ['--cache-to', 'type=inline'] : []),
    ...each(
      '--secret',
      Object.keys(request.buildSecrets).map((id, index) => `id=${id},env=${secretVariable(index)}`),
    ),
    ...more,
    ...(request.target === null ? [] : [`--target=${request.target}`]),
    request.context,
  ];
}

function each(flag: string, values: readonly string[]): string[] {
  return values.flatMap((value) => [flag, value]);
}

function pairs(record: Readonly<Record<string, string>>): string[] {
  return Object.entries(record).map(([key, value]) => `${key}=${value}`);
}

/**
 * A copy of the user's docker configuration with the registry's credentials, for this command only.
 */
async function prepareEnvironment(folder: string, build: BuildxBuild): Promise<Environment> {
  const { host, credentials, env } = build;
  const own = dockerConfigFolder(env);
  const config = await readDockerConfig(env);
  const auth =
    credentials && Buffer.from(`${credentials.username}:${credentials.password.reveal()}`).toString('base64');
  const withRegistry = auth && {
    auths: { ...config.auths, [host]: { auth } },
    // Disables a credential helper for this host.
    credHelpers: { ...config.credHelpers, [host]: '' },
  };
  const content = JSON.stringify({ ...config, ...withRegistry });
  await writeFile(join(folder, 'config.json'), content, { mode: 0o600 });
  for (const name of ['cli-plugins', 'contexts']) await symlink(join(own, name), join(folder, name));
  const secrets: Record<string, string> = {};
  for (const [index, value] of Object.values(build.request.buildSecrets).entries())
    secrets[secretVariable(index)] = value.reveal();
  return {
    ...withoutInputs(env),
    ...secrets,
    DOCKER_CONFIG: folder,
    BUILDX_CONFIG: env['BUILDX_CONFIG'] ?? join(own, 'buildx'),
  };
}

function secretVariable(index: number): string {
  return `ECS_RAMP_BUILD_SECRET_${index}`;
}

/** Resolves to the exit code. Output and error output go to `say`. */
function runDocker(command: {
  readonly parameters: readonly string[];
  readonly environment: Environment;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<number> {
  const { parameters, environment, say, signal } = command;
  return new Promise((resolve, reject) => {
    const child = spawn('docker', parameters, {
      env: environment,
      signal,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    eachLine(child.stdout, say);
    eachLine(child.stderr, say);
    child.once('close', (code) => resolve(code ?? 1));
    child.once('error', (error) => {
      if (errorCode(error) === 'ENOENT')
        reject(
          new UserError('Several platforms require the docker command with buildx, which is not on PATH.', {
            cause: error,
          }),
        );
      else reject(error);
    });
  });
}
