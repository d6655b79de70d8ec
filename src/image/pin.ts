import type { ECRClient } from '@aws-sdk/client-ecr';
import { isEcrHost } from '../core/arn.ts';
import { registryFor } from './registry.ts';
import type { RegistryAccess } from './registry-access.ts';
import { errorText, UserError } from '../core/failure.ts';

/** An existing image, by digest if it could be found. */
export interface Pinned {
  readonly reference: string;
  /** Why the reference still has a tag, which can be moved; `null` when it has a digest. */
  readonly problem: string | null;
}

/**
 * Resolves a tag to its present digest. Rejects with a UserError when the registry has no such
 * image.
 */
export async function pin(reference: string, openEcr: () => Promise<ECRClient>): Promise<Pinned> {
  if (reference.includes('@')) return { reference, problem: null };
  const { host, repository, tag } = partsOf(reference);
  if (host === null) return { reference, problem: 'ecs-ramp does not look up digests on Docker Hub' };
  const registries = [
    () => registryFor({ repository, registry: host, username: null, password: null }, openEcr),
    () => registryFor({ repository, registry: null, username: null, password: null }, openEcr),
  ];
  // ECR requires a token, so no anonymous request is sent to it.
  if (isEcrHost(host)) registries.shift();
  let problem = '';
  for (const open of registries) {
    try {
      const registry = await open();
      if (registry.host !== host) continue;
      return { reference: `${host}/${repository}@${await digestOf(registry, tag)}`, problem: null };
    } catch (error) {
      if (error instanceof NoSuchImage) throw error;
      problem ||= errorText(error);
    }
  }
  return { reference, problem };
}

class NoSuchImage extends UserError {}

async function digestOf(registry: RegistryAccess, tag: string): Promise<string> {
  const digest = await registry.digestOf(tag);
  if (digest !== null) return digest;
  throw new NoSuchImage(
    `There is no image ${registry.host}/${registry.repository}:${tag}: correct \`image\`, or push it first.`,
  );
}

/**
 * `registry.example.com:5000/shop/web:2`: the first part is a host when it has a dot or a port, or
 * is localhost.
 */
function partsOf(reference: string): { host: string | null; repository: string; tag: string } {
  const colon = reference.lastIndexOf(':');
  const name = reference.slice(0, colon);
  const [first = '', ...rest] = name.split('/');
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return {
    host: hasHost ? first : null,
    repository: hasHost ? rest.join('/') : name,
    tag: reference.slice(colon + 1),
  };
}
