import { pin, prepareImage } from '../image/image.ts';
import type { Request } from '../inputs/request.ts';
import type { DeployPorts } from './ports.ts';
import { registryFor } from '../image/registry.ts';

/** The image of the release, by digest wherever that can be had. In a dry run nothing is built. */
export async function chooseImage(request: Request, ports: DeployPorts): Promise<string> {
  const { image } = request;
  const { clients, docker, clock, log, tell, mask, cancelled } = ports;
  if (image.kind === 'given') {
    const { reference, problem } = await pin(image.reference, clients.ecr);
    if (problem !== null) tell({ kind: 'noticed', level: 'warning', message: byTag(reference, problem) });
    return reference;
  }
  const registry = await registryFor(image.push, clients.ecr);
  if (request.dryRun) return `${registry.host}/${registry.repository}:${image.tags[0]}`;
  const built = await prepareImage(image, {
    docker,
    registry,
    source: request.source,
    clock,
    say: log.say,
    group: log.group,
    endGroup: log.endGroup,
    tell,
    mask,
    signal: cancelled,
  });
  return built.reference;
}

function byTag(reference: string, problem: string): string {
  return `${reference} is deployed by its tag, which somebody may move: its digest could not be read (${problem}). Better give NAME@sha256:DIGEST.`;
}
