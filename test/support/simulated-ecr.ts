// The API of ECR, with images that have no content.
import { createHash } from 'node:crypto';
import { imageOperations } from '../../sandbox/ecr/image-operations.ts';
import { createRepositories } from '../../sandbox/ecr/repositories.ts';
import { createImageIndex } from '../../sandbox/registry/image-index.ts';
import type { Service } from '../../sandbox/wire/service.ts';
import type { Clock, Milliseconds } from '../../src/core/time/clock.ts';

export interface SimulatedEcr {
  readonly service: Service;
  /**
   * Adds an image as if it was pushed `ago` milliseconds before now. Creates the repository if
   * necessary. Returns the image's name by digest.
   */
  push(repository: string, tag: string | null, ago?: Milliseconds): string;
  pull(reference: string): void;
  /** Digests in the order of their pushes. */
  images(repository: string): readonly string[];
}

const noContent = () => Promise.reject(new Error('a simulated image has no content'));

export function createSimulatedEcr(place: {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
}): SimulatedEcr {
  const { clock, account, region } = place;
  const host = `${account}.dkr.ecr.${region}.amazonaws.com`;
  const repositories = createRepositories(account);
  let ago = 0;
  const index = createImageIndex({ ...clock, now: () => clock.now() - ago });
  let pushed = 0;
  return {
    service: {
      name: 'ecr',
      operations: imageOperations({
        repositories,
        registry: { index, manifest: noContent, putManifest: noContent },
      }),
    },
    push(name, tag, before = 0) {
      if (!repositories.find(name)) repositories.add({ name, facts: {}, tags: new Map() });
      const digest = `sha256:${createHash('sha256')
        .update(String((pushed += 1)))
        .digest('hex')}`;
      ago = before;
      index.put(name, { digest, mediaType: 'application/vnd.oci.image.manifest.v1+json', size: 1 }, tag);
      ago = 0;
      return `${host}/${name}@${digest}`;
    },
    pull(reference) {
      const [, name = '', digest = ''] = /^[^/]+\/(.+)@(.+)$/.exec(reference) ?? [];
      index.pull(name, digest);
    },
    images: (name) => index.images(name).map(({ digest }) => digest),
  };
}
