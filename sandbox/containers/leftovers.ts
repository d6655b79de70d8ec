import type Docker from 'dockerode';
import type { NetworkInspectInfo } from 'dockerode';
import { isGone } from './engine-error.ts';
import { SANDBOX_LABEL } from './labels.ts';

/** Removes all containers of the sandbox with this prefix, also running ones. */
export async function removeContainers(docker: Docker, namePrefix: string): Promise<void> {
  const containers = await docker.listContainers({ all: true, filters: ofSandbox(namePrefix) });
  await Promise.all(containers.map(({ Id }) => removeContainer(docker.getContainer(Id))));
}

/**
 * Removes its networks, which must have no containers. The engine may still know the endpoint of a
 * container that was just removed.
 */
export async function removeNetworks(docker: Docker, namePrefix: string): Promise<void> {
  const networks = await docker.listNetworks({ filters: ofSandbox(namePrefix) });
  await Promise.all(networks.map(({ Id }) => unlessGone(removeNetwork(docker.getNetwork(Id)))));
}

async function removeNetwork(network: Docker.Network): Promise<void> {
  const { Containers = {} }: NetworkInspectInfo = await network.inspect();
  for (const Container of Object.keys(Containers)) {
    await unlessGone(network.disconnect({ Container, Force: true }));
  }
  await network.remove();
}

function ofSandbox(namePrefix: string): { label: string[] } {
  return { label: [`${SANDBOX_LABEL}=${namePrefix}`] };
}

/**
 * Removes a container and its anonymous volumes. Succeeds when it does not exist or is being
 * removed.
 */
export async function removeContainer(container: Docker.Container): Promise<void> {
  await unlessGone(container.remove({ force: true, v: true }));
}

/** Waits for a stop or a removal. Succeeds when there is nothing to stop or remove. */
export async function unlessGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
