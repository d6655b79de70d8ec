import { createSecureContext } from 'node:tls';
import type { StoredCertificate } from '../ports.ts';
import type { Secure } from './open-port.ts';

/**
 * The default certificate is the first one. A client that names a host gets the first certificate
 * for that host; `present` returns the certificates at that time.
 */
export function secureBy(
  [standard]: readonly StoredCertificate[],
  present: () => readonly StoredCertificate[] | undefined,
): Secure {
  return {
    cert: standard!.certificate,
    key: standard!.privateKey,
    SNICallback(host, done) {
      const all = present() ?? [];
      const { certificate, privateKey } = all.find(({ names }) => covers(names, host)) ?? standard!;
      done(null, createSecureContext({ cert: certificate, key: privateKey }));
    },
  };
}

/** `*.` stands for one label. */
function covers(names: readonly string[], host: string): boolean {
  const asked = host.toLowerCase();
  const parent = `*${asked.slice(asked.indexOf('.'))}`;
  return names.some((name) => [asked, parent].includes(name.toLowerCase()));
}
