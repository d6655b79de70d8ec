import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildRequest } from '../core/request.ts';
import { contentOf } from './context/content.ts';
import { selectEntries } from './context/select.ts';
import { isNoSuchFile } from './system-error.ts';

/**
 * The tag of the images that are built from the same sources: the files of the context, the Dockerfile,
 * and the inputs of the build. Owners and times of files do not count, as they differ in every checkout.
 * Neither do base images and what the build downloads. Rejects like a build.
 */
export async function sourceTag(request: BuildRequest): Promise<string> {
  const { context, file, target, buildArgs, buildSecrets, labels, platforms } = request;
  const dockerfile = await readFile(file, 'utf8');
  // Docker reads only the first one that exists.
  const ignored =
    (await textOf(`${file}.dockerignore`)) ?? (await textOf(join(context, '.dockerignore'))) ?? '';
  const hash = createHash('sha256');
  const add = (...values: unknown[]): void => void hash.update(`${JSON.stringify(values)}\n`);
  add(VERSION, dockerfile, ignored, target, sorted(buildArgs), sorted(labels));
  add(Object.keys(buildSecrets).toSorted(), platforms.length > 0 ? platforms : [process.arch]);
  const selection = { root: context, exclude: patternsIn(ignored), include: [], follow: [] };
  for await (const entry of selectEntries(selection)) {
    add(entry.path, entry.mode, entry.link, entry.device);
    if (!entry.readable) continue;
    const content = createHash('sha256');
    for (const part of contentOf(context, entry)) content.update(part);
    hash.update(content.digest());
  }
  return `src-${hash.digest('hex')}`;
}

/** Another one gives all images other tags. */
const VERSION = 1;

async function textOf(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (isNoSuchFile(error)) return null;
    throw error;
  });
}

function patternsIn(ignoreFile: string): string[] {
  return ignoreFile
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#'));
}

function sorted(record: Readonly<Record<string, string>>): (readonly [string, string])[] {
  return Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
