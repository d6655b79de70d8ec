import type Docker from 'dockerode';

/** Removes the images of a registry from the engine. */
export async function removeImagesOf(docker: Docker, registryHost: string): Promise<void> {
  const images = await docker.listImages();
  const names = images.flatMap(({ RepoTags, RepoDigests }) => [...(RepoTags ?? []), ...(RepoDigests ?? [])]);
  for (const name of names.filter((name) => name.startsWith(`${registryHost}/`))) await remove(docker, name);
}

/** A name may not exist any more: removing the last tag of an image also removes its digests. */
async function remove(docker: Docker, name: string): Promise<void> {
  try {
    await docker.getImage(name).remove({ force: true });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

const isNotFound = (error: unknown) =>
  typeof error === 'object' && error !== null && 'statusCode' in error && error.statusCode === 404;
