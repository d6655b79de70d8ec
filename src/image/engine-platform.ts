import { readFile } from 'node:fs/promises';
import type Docker from 'dockerode';
import { isObject } from '../core/is-object.ts';
import { SECOND } from '../core/time/clock.ts';

/** A local engine answers in milliseconds. */
const LONGEST_WAIT = 5 * SECOND;
/** A stage for a platform that the Dockerfile names. BUILDPLATFORM is for stages that are not released. */
const NAMED_PLATFORM = /^\s*FROM\s+--platform=(?!["']?\$\{?BUILDPLATFORM\b)/im;

/**
 * The platform that the engine builds `file` for by default: `linux/amd64`. `null` if that is not
 * known, because no engine answers or the Dockerfile names a platform.
 */
export async function enginePlatform(open: () => Promise<Docker>, file: string): Promise<string | null> {
  try {
    if (NAMED_PLATFORM.test(await readFile(file, 'utf8'))) return null;
    const version = await versionOf(await open());
    if (!isObject(version)) return null;
    const { Os: os, Arch: architecture } = version;
    return typeof os === 'string' && typeof architecture === 'string' ? `${os}/${architecture}` : null;
  } catch {
    // The build itself reports what is wrong.
    return null;
  }
}

/** As `docker.version()`, which has no limit of time. */
function versionOf(docker: Docker): Promise<unknown> {
  const request = {
    path: '/version',
    method: 'GET',
    abortSignal: AbortSignal.timeout(LONGEST_WAIT),
    statusCodes: { 200: true },
  };
  return new Promise((resolve, reject) => {
    docker.modem.dial(request, (error, result) => (error ? reject(error) : resolve(result)));
  });
}
