// A certificate authority for tests, and the certificates that it issues.
import tls from 'node:tls';
import { generate } from 'selfsigned';

export interface TestAuthority {
  /** The authority's own certificate, as PEM. */
  readonly certificate: string;
  issue(
    ...names: readonly [string, ...string[]]
  ): Promise<{ readonly cert: string; readonly private: string }>;
}

export async function createAuthority(): Promise<TestAuthority> {
  const authority = await generate([{ name: 'commonName', value: 'ecs-ramp test authority' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  return {
    certificate: authority.cert,
    issue: (...names) =>
      generate([{ name: 'commonName', value: names[0] }], {
        keyType: 'ec',
        algorithm: 'sha256',
        ca: { key: authority.private, cert: authority.cert },
        extensions: [
          { name: 'subjectAltName', altNames: names.map((value) => ({ type: 2 as const, value })) },
        ],
      }),
  };
}

/** Makes this process trust the authority, as NODE_EXTRA_CA_CERTS does. Returns what undoes it. */
export function trust({ certificate }: TestAuthority): () => void {
  const before = tls.getCACertificates('default');
  tls.setDefaultCACertificates([...before, certificate]);
  return () => tls.setDefaultCACertificates(before);
}
