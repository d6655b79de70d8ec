import type Docker from 'dockerode';
import { isGone } from './engine-error.ts';

/** Returns the credentials of a registry such as `registry.example.com:5000`. */
export type CredentialsFor = (
  registryHost: string,
) => { readonly username: string; readonly password: string } | null;

/**
 * Makes the image available in the engine and returns its digest. As in ECS, an image with a
 * registry is pulled each time, unless it is given by a digest that is already present. An image
 * without a registry may be a local one.
 */
export async function fetchImage(
  docker: Docker,
  reference: string,
  credentialsFor: CredentialsFor,
): Promise<string> {
  const host = registryHost(reference);
  const isFixed = host === null || reference.includes('@');
  const present = isFixed ? await inspect(docker, reference) : null;
  if (present) return digestOf(present, reference);
  await pull(docker, reference, host === null ? null : credentialsFor(host));
  return digestOf(await docker.getImage(reference).inspect(), reference);
}

/** `null` for an image without a registry in its name. */
function registryHost(reference: string): string | null {
  const [first = '', ...rest] = reference.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? first : null;
}

async function inspect(docker: Docker, reference: string): Promise<Docker.ImageInspectInfo | null> {
  try {
    return await docker.getImage(reference).inspect();
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

async function pull(
  docker: Docker,
  reference: string,
  credentials: ReturnType<CredentialsFor>,
): Promise<void> {
  const name = /[@:][^/]*$/.test(reference) ? reference : `${reference}:latest`;
  const stream = await docker.pull(name, { ...(credentials && { authconfig: credentials }) });
  // Errors are reported in the stream, after a successful status.
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()));
  });
}

/** The digest in the repository, or the image id for an image that was never in a registry. */
function digestOf({ Id, RepoDigests }: Docker.ImageInspectInfo, reference: string): string {
  const repository = reference.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  const known = (RepoDigests ?? []).find((name) => name.startsWith(`${repository}@`));
  return known?.split('@')[1] ?? Id;
}
