import type { RolloutRequest } from '../../../core/request.ts';
import { DAY, HOUR } from '../../../core/time/clock.ts';
import { inUnits } from '../../../core/time/duration.ts';
import type { Notice } from '../../../core/trail/event.ts';

/** A shorter time is part of every release. */
const LONG = HOUR;

/** What a long keep-old costs; `null` when it is short. Pure. */
export function keepRemark({ keepOld }: Pick<RolloutRequest, 'keepOld'>, service: string): Notice | null {
  if (keepOld <= LONG) return null;
  const cost = `The old revision of service ${service} is kept for ${inUnits(keepOld)} after 100% (keep-old). In that time the service runs twice its tasks, ECS does not scale it in, and deployments by other tools have to wait. The next release, \`ecs-ramp rollback\` and \`ecs-ramp continue\` end it.`;
  if (keepOld <= DAY) return { kind: 'notice', level: 'notice', message: cost };
  return { kind: 'notice', level: 'warning', message: `${cost} ${MORE_THAN_A_DAY}` };
}

const MORE_THAN_A_DAY =
  'ECS documents a limit of 24 hours for a stage of a deployment, and does not say whether it applies to a pause: check after a day with `ecs-ramp status` that the old revision is still kept and the new one has all of the traffic.';
