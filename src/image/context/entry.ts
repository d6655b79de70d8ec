import type { BigIntStats } from 'node:fs';

/** A file, directory, link or device of a build context, as it is described to the engine. */
export interface ContextEntry {
  /** Relative to the context, with slashes. */
  readonly path: string;
  /** Permissions and type, in the bits of Go's io/fs.FileMode. */
  readonly mode: number;
  readonly size: bigint;
  /** Nanoseconds since 1970. */
  readonly modified: bigint;
  /**
   * Target of a symbolic link; for another hard link of a file that was sent, the path that was
   * sent; otherwise empty.
   */
  readonly link: string;
  readonly device: { readonly major: number; readonly minor: number } | null;
  /** Whether the entry is a regular file. */
  readonly readable: boolean;
}

const DIRECTORY = 2 ** 31;
const SYMLINK = 2 ** 27;
const DEVICE = 2 ** 26;
const NAMED_PIPE = 2 ** 25;
const SETUID = 2 ** 23;
const SETGID = 2 ** 22;
const CHARACTER_DEVICE = 2 ** 21;
const STICKY = 2 ** 20;

export function describeEntry(found: {
  readonly path: string;
  readonly stats: BigIntStats;
  readonly link: string;
}): ContextEntry {
  const { path, stats, link } = found;
  const unixMode = Number(stats.mode);
  const isDevice = stats.isBlockDevice() || stats.isCharacterDevice();
  // The bits are distinct, so their sum is their union. `|` would make bit 31 a sign.
  let mode = unixMode & 0o777;
  if (stats.isDirectory()) mode += DIRECTORY;
  if (stats.isSymbolicLink()) mode += SYMLINK;
  if (isDevice) mode += DEVICE;
  if (stats.isCharacterDevice()) mode += CHARACTER_DEVICE;
  if (stats.isFIFO()) mode += NAMED_PIPE;
  if (unixMode & 0o4000) mode += SETUID;
  if (unixMode & 0o2000) mode += SETGID;
  if (unixMode & 0o1000) mode += STICKY;
  const isSecondName = link !== '' && !stats.isSymbolicLink();
  return {
    path,
    mode,
    size: stats.isDirectory() || isSecondName ? 0n : stats.size,
    modified: stats.mtimeNs,
    link,
    device: isDevice ? splitDevice(Number(stats.rdev)) : null,
    readable: stats.isFile(),
  };
}

/** Unpacks a Linux device number. */
function splitDevice(device: number): ContextEntry['device'] {
  return { major: (device >> 8) & 0xfff, minor: (device & 0xff) | ((device >> 12) & 0xfff00) };
}
