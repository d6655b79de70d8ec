import { readFile } from 'node:fs/promises';
import { isObject } from '../../core/is-object.ts';
import type { Environment } from '../../core/environment.ts';
import { BY_HAND, type Occasion } from './range.ts';

/** The event that started the workflow; `BY_HAND` without a payload outside of a workflow. */
export async function readOccasion(env: Environment): Promise<Occasion> {
  const { GITHUB_EVENT_NAME, GITHUB_EVENT_PATH, GITHUB_SHA } = env;
  return {
    event: GITHUB_EVENT_NAME || BY_HAND,
    payload: GITHUB_EVENT_PATH ? await payloadIn(GITHUB_EVENT_PATH) : null,
    commit: GITHUB_SHA || null,
  };
}

/** `null` if the file cannot be read: then everything counts as changed. */
async function payloadIn(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return null;
  }
}

/** The branch to deploy: for a pull request or a merge queue, its base. `null` for none. Pure. */
export function branchOf(env: Environment, { payload }: Pick<Occasion, 'payload'>): string | null {
  if (env['GITHUB_BASE_REF']) return env['GITHUB_BASE_REF'];
  const queued = baseOfQueue(payload);
  if (queued !== null) return queued;
  return env['GITHUB_REF_TYPE'] === 'branch' ? env['GITHUB_REF_NAME'] || null : null;
}

function baseOfQueue(payload: unknown): string | null {
  const group = isObject(payload) ? payload['merge_group'] : null;
  const base = isObject(group) ? group['base_ref'] : null;
  return typeof base === 'string' ? base.replace(/^refs\/heads\//, '') : null;
}
