import { AwsError } from '../wire/service.ts';

/** One page of a list. The token is the index of the next page. */
export function page<T>(
  items: readonly T[],
  request: { nextToken?: string | undefined; maxResults?: number | undefined },
  maximum = 100,
): { items: T[]; nextToken?: string } {
  const { nextToken, maxResults = maximum } = request;
  if (!Number.isInteger(maxResults) || maxResults < 1 || maxResults > maximum) {
    throw new AwsError('InvalidParameterException', `maxResults must be between 1 and ${maximum}.`);
  }
  const start = nextToken === undefined ? 0 : Number(nextToken);
  if (!Number.isInteger(start) || start < 0 || start > items.length) {
    throw new AwsError('InvalidParameterException', 'Invalid token.');
  }
  const end = start + maxResults;
  return { items: items.slice(start, end), ...(end < items.length && { nextToken: String(end) }) };
}
