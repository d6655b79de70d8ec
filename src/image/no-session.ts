import type Docker from 'dockerode';
import { UserError } from '../core/failure.ts';

/**
 * Why the engine at `address` opened no session for a build: it is Podman, too old, or behind a
 * proxy. `refusal`: its answer, or `null` if it answered with success.
 */
export async function explainNoSession(
  docker: Docker,
  address: string,
  refusal: Error | null,
): Promise<UserError> {
  const { Version: version = null, Components: components = [] } = await versionOf(docker);
  if (components.some(({ Name }) => Name.startsWith('Podman')))
    return new UserError(
      `The engine at ${address} is Podman ${version}, which has no BuildKit: build and push the image with podman and give it as \`image\`, or set DOCKER_HOST to a Docker engine.`,
      { cause: refusal },
    );
  const status: unknown = refusal?.cause instanceof Error ? Reflect.get(refusal.cause, 'statusCode') : null;
  if (status === 401 || status === 403)
    return new UserError(
      `The Docker engine at ${address} refuses the session for the build (HTTP ${status}): let the proxy or plugin that guards it allow POST /session, /build and /images.`,
      { cause: refusal },
    );
  const reason = refusal?.message ?? 'no upgrade of the connection';
  const its = version === null ? '' : ` its version is ${version}.`;
  return new UserError(
    `The Docker engine at ${address} does not open a session for the build (${reason}):${its} BuildKit requires 18.09 or later.`,
    { cause: refusal },
  );
}

interface Version {
  readonly Version?: string;
  readonly Components?: readonly { readonly Name: string }[];
}

/** Empty if the engine does not tell. */
async function versionOf(docker: Docker): Promise<Version> {
  return docker.version().catch(() => ({}));
}
