import type { Traffic } from './traffic-mover.ts';

/**
 * The state in words, for example `at 30% (POST_PRODUCTION_TRAFFIC_SHIFT)`. For a rolling update,
 * the share of the requests is not known. Pure.
 */
export function phaseInWords({ share, percent, stage }: Traffic): string {
  return share === 'tasks' ? `in the middle of a rolling update (${stage})` : `at ${percent}% (${stage})`;
}
