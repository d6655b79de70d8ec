import { partition } from '@aws-sdk/core/client';

/** The account and region of a private registry of Amazon ECR. */
export interface EcrHost {
  readonly account: string;
  readonly region: string;
}

/**
 * Reads the host of an ECR registry: `ACCOUNT.dkr.ecr.REGION.amazonaws.com` or, over IPv6,
 * `ACCOUNT.dkr-ecr.REGION.on.aws`, in any partition, with or without FIPS. `null` for other hosts.
 * Pure.
 */
export function ecrHost(host: string): EcrHost | null {
  const parts = /^(\d{12})\.dkr([.-])ecr(?:-fips)?\.([a-z0-9-]+)\.(.+)$/.exec(host);
  if (!parts) return null;
  const [, account = '', separator, region = '', suffix] = parts;
  const { dnsSuffix, dualStackDnsSuffix } = partition(region);
  const expected = separator === '.' ? dnsSuffix : dualStackDnsSuffix?.replace(/^api\./, 'on.');
  return suffix === expected ? { account, region } : null;
}
