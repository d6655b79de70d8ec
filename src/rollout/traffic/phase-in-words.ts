import type { Traffic } from './traffic-mover.ts';

/** `at 30% (POST_PRODUCTION_TRAFFIC_SHIFT)`; of a rolling update no share of the requests is known. Pure. */
export function phaseInWords({ share, percent, stage }: Traffic): string {
  return share === 'tasks' ? `in the middle of a rolling update (${stage})` : `at ${percent}% (${stage})`;
}
