import type Docker from 'dockerode';
import { isGone } from './engine-error.ts';
import { SANDBOX_LABEL } from './labels.ts';

/** Removes all containers of the sandbox with this prefix, running or not. */
export async function removeContainers(docker: Docker, namePrefix: string): Promise<void> {
  const containers = await docker.listContainers({ all: true, filters: ofSandbox(namePrefix) });
  await Promise.all(containers.map(({ Id }) => removeContainer(docker.getContainer(Id))));
}

/** Its networks; no container may be left in them. */
export async function removeNetworks(docker: Docker, namePrefix: string): Promise<void> {
  const networks = await docker.listNetworks({ filters: ofSandbox(namePrefix) });
  await Promise.all(networks.map(({ Id }) => unlessGone(docker.getNetwork(Id).remove())));
}

function ofSandbox(namePrefix: string): { label: string[] } {
  return { label: [`${SANDBOX_LABEL}=${namePrefix}`] };
}

/** With its anonymous volumes. One that is gone, or just being removed, is fine. */
export async function removeContainer(container: Docker.Container): Promise<void> {
  await unlessGone(container.remove({ force: true, v: true }));
}

/** Waits for a stop or a removal; that there is nothing left to stop or remove is fine. */
export async function unlessGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
