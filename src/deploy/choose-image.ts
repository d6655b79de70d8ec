import { prepareImage } from '../image/image.ts';
import type { Request } from '../inputs/request.ts';
import type { DeployPorts } from './ports.ts';
import { registryFor } from '../image/registry.ts';

/** The image of the release by digest where it is built here, as given where it exists. In a dry run nothing is built. */
export async function chooseImage(request: Request, ports: DeployPorts): Promise<string> {
  const { image } = request;
  if (image.kind === 'given') return image.reference;
  const { clients, docker, clock, log, tell, mask, cancelled } = ports;
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
