import {
  DescribeServicesCommand,
  ListServicesCommand,
  type ECSClient,
  type Service,
} from '@aws-sdk/client-ecs';
import { allPages, inBatches } from '../all-pages.ts';

/** Maximum of one call. */
const LISTED = 100;
const DESCRIBED = 10;

/** Every service of a cluster with its tags. Rejects with UserError. */
export async function everyService(ecs: ECSClient, cluster: string): Promise<readonly Service[]> {
  const arns = await allPages(async (nextToken) => {
    const command = new ListServicesCommand({ cluster, maxResults: LISTED, ...(nextToken && { nextToken }) });
    const page = await ecs.send(command);
    return { items: page.serviceArns ?? [], nextToken: page.nextToken };
  });
  const answers = await Promise.all(
    inBatches(arns, DESCRIBED).map((services) => {
      const command = new DescribeServicesCommand({ cluster, services, include: ['TAGS'] });
      return ecs.send(command);
    }),
  );
  return answers.flatMap(({ services = [] }) => services.filter(({ status }) => status !== 'INACTIVE'));
}
