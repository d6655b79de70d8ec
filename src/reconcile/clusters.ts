import {
  DescribeServicesCommand,
  ListServicesCommand,
  type ECSClient,
  type Service,
} from '@aws-sdk/client-ecs';
import { explained } from '../aws/refusals.ts';

/** As many as one call takes. */
const LISTED = 100;
const DESCRIBED = 10;

/** Every service of a cluster with its tags, in few calls. Rejects with Refused. */
export async function servicesOf(ecs: ECSClient, cluster: string): Promise<readonly Service[]> {
  const arns = await listServices(ecs, cluster);
  const services: Service[] = [];
  for (let at = 0; at < arns.length; at += DESCRIBED) {
    const command = new DescribeServicesCommand({
      cluster,
      services: arns.slice(at, at + DESCRIBED),
      include: ['TAGS'],
    });
    const described = await explained('ecs:DescribeServices', `cluster ${cluster}`, ecs.send(command));
    services.push(...(described.services ?? []));
  }
  return services.filter(({ status }) => status !== 'INACTIVE');
}

async function listServices(ecs: ECSClient, cluster: string): Promise<readonly string[]> {
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const command = new ListServicesCommand({ cluster, maxResults: LISTED, ...(nextToken && { nextToken }) });
    const page = await explained('ecs:ListServices', `cluster ${cluster}`, ecs.send(command));
    arns.push(...(page.serviceArns ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return arns;
}
