import { type Image, prepareImage } from '../../image/image.ts';
import { pin } from '../../image/pin.ts';
import { registryFor } from '../../image/registry.ts';
import type { BuildRequest, Request, Source } from '../../core/request.ts';
import type { Clients } from '../../aws/clients.ts';
import type { DeployContext } from './context.ts';

/** The image of the release, by digest if it can be read. A dry run builds nothing. */
export async function chooseImage(
  { image, source, dryRun }: Pick<Request, 'image' | 'source' | 'dryRun'>,
  ports: ImagePorts,
): Promise<string> {
  if (image.kind === 'given') {
    const { reference, problem } = await pin(image.reference, ports.clients.ecr);
    if (problem !== null)
      ports.tell({ kind: 'notice', level: 'warning', message: byTag(reference, problem) });
    return reference;
  }
  if (dryRun) {
    const { host, repository } = await registryFor(image.push, ports.clients.ecr);
    return `${host}/${repository}:${image.tags[0]}`;
  }
  return (await buildOrReuseImage({ image, source }, ports)).reference;
}

/** Builds and pushes the image, or reuses the one that an earlier run of the same commit pushed. */
export async function buildOrReuseImage(
  { image, source }: { readonly image: BuildRequest; readonly source: Source },
  { clients, docker, env = process.env, clock, log, tell, mask, cancelled }: ImagePorts,
): Promise<Image> {
  return prepareImage(image, {
    docker,
    env,
    registry: await registryFor(image.push, clients.ecr),
    source,
    clock,
    say: log.say,
    group: log.group,
    endGroup: log.endGroup,
    tell,
    mask,
    signal: cancelled,
  });
}

interface ImagePorts extends Omit<DeployContext, 'release' | 'clients'> {
  readonly clients: Pick<Clients, 'ecr'>;
}

function byTag(reference: string, problem: string): string {
  return `${reference} is deployed by its tag, which may be moved to another image: its digest could not be read (${problem}). Use NAME@sha256:DIGEST instead.`;
}
