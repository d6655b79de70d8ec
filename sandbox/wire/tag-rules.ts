import { AwsError } from './service.ts';

/** AWS's rules for the tags of a resource, which are the same in all services. */
const MOST_TAGS = 50;
const RESERVED = /^aws:/i;
const KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/** The error code of a service for each reason to refuse tags. */
export interface TagErrors {
  readonly invalid: string;
  readonly tooMany: string;
}

/** Throws an AwsError when AWS does not add these tags to a resource. `present`: the keys that it has. */
export function checkTags(
  tags: readonly (readonly [key: string, value: string])[],
  { invalid, tooMany, present = [] }: TagErrors & { readonly present?: Iterable<string> },
): void {
  const keys = tags.map(([key]) => key);
  if (keys.includes('')) throw new AwsError(invalid, 'Tag keys cannot be empty.');
  const reserved = keys.find((key) => RESERVED.test(key));
  if (reserved !== undefined) {
    throw new AwsError(invalid, `Tag keys that start with 'aws:' are reserved for AWS: '${reserved}'.`);
  }
  const [wrong] = tags.find(([key, value]) => !KEY.test(key) || !VALUE.test(value)) ?? [];
  if (wrong !== undefined) {
    throw new AwsError(
      invalid,
      `Tag ${wrong} has characters that are not allowed, or too many of them: a key has at most 128, a value at most 256.`,
    );
  }
  if (new Set([...present, ...keys]).size > MOST_TAGS) {
    throw new AwsError(tooMany, `A resource can have at most ${MOST_TAGS} tags.`);
  }
}
