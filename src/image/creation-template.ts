import {
  DescribeRepositoryCreationTemplatesCommand,
  type ECRClient,
  type RepositoryCreationTemplate,
} from '@aws-sdk/client-ecr';
import { allPages } from '../aws/all-pages.ts';

/**
 * The template by which ECR creates a repository when an image is pushed to it; `null` when there is
 * none. The longest prefix wins; ROOT is for repositories without another template.
 */
export async function creationTemplate(
  client: ECRClient,
  repository: string,
): Promise<RepositoryCreationTemplate | null> {
  const templates = await allPages(async (nextToken) => {
    const page = await client.send(new DescribeRepositoryCreationTemplatesCommand({ nextToken }));
    return { items: page.repositoryCreationTemplates ?? [], nextToken: page.nextToken };
  });
  const [best] = templates
    .map((template) => ({ template, rank: rankOf(template, repository) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank);
  return best?.template.appliedFor?.includes('CREATE_ON_PUSH') ? best.template : null;
}

/** 0: the template is not for this repository. */
function rankOf({ prefix = '' }: RepositoryCreationTemplate, repository: string): number {
  if (prefix === 'ROOT') return 1;
  return repository.startsWith(`${prefix}/`) ? 1 + prefix.length : 0;
}
