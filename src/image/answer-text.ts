import { UserError } from '../core/failure.ts';

/** In bytes. Registries accept manifests of at most 4 MiB. */
const LARGEST_ANSWER = 8 * 1024 * 1024;

/** The text of an answer. Throws UserError if it is too long to be one of a registry. */
export async function answerText({ body, url }: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.length;
    if (size > LARGEST_ANSWER) throw new UserError(`${new URL(url).host} answers with more than 8 MiB.`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
