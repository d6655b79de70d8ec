import { AwsError } from '../wire/service.ts';

/** One page of a list as ECR cuts it: at most 100 unless asked otherwise. The token is the place to go on at. */
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
