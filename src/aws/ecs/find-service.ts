import {
  DescribeServicesCommand,
  ListClustersCommand,
  ListServicesCommand,
  type ECSClient,
  type Service,
} from '@aws-sdk/client-ecs';
import { UserError } from '../../core/failure.ts';
import { hasCode } from '../errors.ts';
import { nameOfArn } from '../../core/arn.ts';

/** Rejects with UserError, which lists the clusters or services that exist. */
export async function findService(
  ecs: ECSClient,
  { service, cluster }: { readonly service: string; readonly cluster: string },
): Promise<Service> {
  let found: Service | undefined;
  try {
    const answer = await ecs.send(
      new DescribeServicesCommand({ cluster, services: [service], include: ['TAGS'] }),
    );
    found = answer.services?.[0];
  } catch (error) {
    if (!hasCode(error, 'ClusterNotFoundException')) throw error;
    throw new UserError(
      `cluster: there is no cluster "${cluster}" in ${await region(ecs)}. ${await clustersInWords(ecs)}`,
    );
  }
  if (!found || found.status === 'INACTIVE') {
    throw new UserError(
      `service: cluster "${cluster}" in ${await region(ecs)} has no ${found ? 'active ' : ''}service "${service}". ${await servicesInWords(ecs, cluster)}`,
    );
  }
  return found;
}

async function clustersInWords(ecs: ECSClient): Promise<string> {
  return listed(
    'Clusters in this region',
    async () => (await ecs.send(new ListClustersCommand({}))).clusterArns,
  );
}

async function servicesInWords(ecs: ECSClient, cluster: string): Promise<string> {
  return listed(
    'Its services',
    async () => (await ecs.send(new ListServicesCommand({ cluster, maxResults: 100 }))).serviceArns,
  );
}

/** A list that helps to find a misspelled name. Optional: a denied call is ignored. */
async function listed(title: string, read: () => Promise<string[] | undefined>): Promise<string> {
  try {
    const names = ((await read()) ?? []).map((arn) => nameOfArn(arn)).sort();
    if (names.length === 0) return `${title}: none. Check that the account and the region are correct.`;
    return `${title}: ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', ...' : ''}.`;
  } catch {
    return 'Check that the account and the region are correct.';
  }
}

async function region(ecs: ECSClient): Promise<string> {
  return `region ${await ecs.config.region()}`;
}
