import type { RegistryAccess } from './registry-access.ts';
import { UserError } from '../core/failure.ts';

/**
 * Checks that the tag has the reported digest (`told`, `null` when none was reported). Returns the
 * digest in the registry.
 */
export async function verifyPushed(pushed: {
  readonly registry: RegistryAccess;
  readonly tag: string;
  readonly told: string | null;
}): Promise<string> {
  const { registry, tag, told } = pushed;
  const found = await registry.digestOf(tag);
  if (found !== null && (told === null || told === found)) return found;
  throw new UserError(
    `${registry.repository}:${tag} was pushed as ${told ?? 'an unknown digest'}, but ${registry.host} has ${found ?? 'no such tag'}: another run pushed the same tag at the same time. Give each commit its own tag.`,
  );
}
