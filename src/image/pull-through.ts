import { DescribePullThroughCacheRulesCommand, type ECRClient } from '@aws-sdk/client-ecr';
import { allPages } from '../aws/all-pages.ts';

/**
 * The prefix of the pull-through cache rule that provides a repository; `null` when there is none.
 * ROOT is the prefix of all repositories without another rule.
 */
export async function pullThroughPrefix(
  client: ECRClient,
  { registryId, repository }: { readonly registryId: string; readonly repository: string },
): Promise<string | null> {
  const rules = await allPages(async (nextToken) => {
    const page = await client.send(new DescribePullThroughCacheRulesCommand({ registryId, nextToken }));
    return { items: page.pullThroughCacheRules ?? [], nextToken: page.nextToken };
  });
  const prefixes = rules.flatMap(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix ?? []);
  return prefixes.find((prefix) => prefix === 'ROOT' || repository.startsWith(`${prefix}/`)) ?? null;
}
