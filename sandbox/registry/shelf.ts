import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Denial, Gate } from './gate.ts';
import type { ImageIndex } from './image-index.ts';
import type { Storage } from './storage.ts';

/** The images of the registry: manifests by digest in the storage, and their index. */
export interface Shelf {
  readonly index: ImageIndex;
  /** The manifest of an image in the index, as it was pushed. */
  manifest(repository: string, digest: string): Promise<string>;
  /**
   * Stores a manifest whose layers are already stored. Throws the refusals of the gate and the
   * storage.
   */
  putManifest(upload: ManifestUpload): Promise<{ readonly digest: string } | Denial>;
}

export interface ManifestUpload {
  readonly repository: string;
  /** A tag or the digest; `null` for untagged. */
  readonly reference: string | null;
  readonly mediaType: string;
  readonly body: Uint8Array;
}

export function createShelf(storage: Storage, index: ImageIndex, gate: Gate): Shelf {
  let lastPut: Promise<unknown> = Promise.resolve();

  const ask = async (method: string, path: string, headers: Record<string, string>, body?: Uint8Array) => {
    const outgoing = storage.request({ method, path, headers });
    const response = once(outgoing, 'response');
    outgoing.end(body);
    const [answer]: IncomingMessage[] = await response;
    if (!answer) throw new Error('The registry did not answer.');
    return { status: answer.statusCode ?? 500, body: await text(answer) };
  };

  async function put({ repository, reference, mediaType, body }: ManifestUpload) {
    const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
    const tag = reference?.startsWith('sha256:') ? null : reference;
    if (tag === null && reference !== null && reference !== digest)
      return {
        status: 400,
        code: 'DIGEST_INVALID',
        message: 'provided digest did not match uploaded content',
      };
    const before = tag === null ? null : index.resolve(repository, tag);
    const denied =
      tag !== null && before !== null && before !== digest ? gate.overwrite(repository, tag) : null;
    if (denied) return denied;
    const path = `/v2/${repository}/manifests/${digest}`;
    const answer = await ask('PUT', path, { 'content-type': mediaType }, body);
    if (answer.status !== 201) return denialIn(answer);
    index.put(repository, { digest, mediaType, size: sizeOf(body) }, tag);
    return { digest };
  }

  return {
    index,
    async manifest(repository, digest) {
      const image = index.images(repository).find((image) => image.digest === digest);
      if (!image) throw new Error(`${repository} has no image ${digest}.`);
      return (await ask('GET', `/v2/${repository}/manifests/${digest}`, { accept: image.mediaType })).body;
    },
    putManifest(upload) {
      // Sequential, so that only one of two pushes of an immutable tag succeeds.
      const result = lastPut.then(() => put(upload));
      lastPut = result.catch(() => {});
      return result;
    },
  };
}

interface ManifestFacts {
  readonly config?: { readonly size: number };
  readonly layers?: readonly { readonly size: number }[];
}

function sizeOf(manifest: Uint8Array): number {
  const { config, layers }: ManifestFacts = JSON.parse(Buffer.from(manifest).toString('utf8'));
  return [config, ...(layers ?? [])].reduce((sum, part) => sum + (part?.size ?? 0), 0);
}

function denialIn({ status, body }: { readonly status: number; readonly body: string }): Denial {
  const { errors }: { errors?: readonly { readonly code: string; readonly message: string }[] } =
    JSON.parse(body);
  return { status, code: errors?.[0]?.code ?? 'UNKNOWN', message: errors?.[0]?.message ?? body };
}
