import { AwsError } from '../wire/service.ts';

/** One page of a list in ECR: at most 100 by default. The token is the index of the next page. */
export function page<Item>(
  items: readonly Item[],
  {
    nextToken,
    maxResults = 100,
  }: { readonly nextToken?: string | undefined; readonly maxResults?: number | undefined },
): { readonly items: readonly Item[]; readonly nextToken: string | undefined } {
  const start = Number(nextToken ?? 0);
  if (!Number.isInteger(start))
    throw new AwsError('InvalidParameterException', 'Invalid parameter at nextToken');
  const end = start + maxResults;
  return { items: items.slice(start, end), nextToken: end < items.length ? String(end) : undefined };
}
