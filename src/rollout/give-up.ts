import type { Traffic } from './traffic/traffic-mover.ts';
import { unattendedInWords } from './unattended.ts';
import type { RolloutState } from './state/state.ts';
import type { RolloutResult } from './result.ts';
import type { RolloutContext } from './context.ts';
import { trafficBeforeFirstLook } from './unseen.ts';
import { errorText } from '../core/failure.ts';

/**
 * AWS could not be read for too long: tries to roll back once more. Otherwise, ECS does so at its
 * timeout.
 */
export async function giveUp(
  { ports, started, state }: RolloutContext,
  last: Traffic | null,
  why: unknown,
): Promise<RolloutResult> {
  await ports.mover.rollBack(last ?? trafficBeforeFirstLook(started)).catch(() => {});
  return {
    outcome: 'dirty',
    reason: `AWS could no longer be read: ${errorText(why)} The rollout was ${whereIn(last)}. ${askedFor(state)}${unattendedInWords(last, started.patience, ports.strategy.words)}`,
    canaryPercent: null,
    oldRevisionUntil: null,
  };
}

const whereIn = (last: Traffic | null) =>
  last ? `last seen at ${last.percent}% (${last.stage})` : 'never seen to start';

const askedFor = ({ rollback }: RolloutState) =>
  rollback.requested ? `A rollback was requested before: ${rollback.requested.reason}. ` : '';
