import type { Traffic } from './traffic/traffic-mover.ts';
import { unattendedInWords } from './unattended.ts';
import type { RolloutState } from './state/state.ts';
import type { RolloutResult } from './ports.ts';
import type { RolloutContext } from './context.ts';
import { trafficBeforeFirstLook } from './unseen.ts';
import { errorText } from '../core/failure.ts';

/** Nothing could be read for too long: a last try to undo, and ECS's own timeout behind it. */
export async function giveUp(
  { ports, started, state }: RolloutContext,
  last: Traffic | null,
  why: unknown,
): Promise<RolloutResult> {
  await ports.mover.rollBack(last ?? trafficBeforeFirstLook(started)).catch(() => {});
  return {
    outcome: 'dirty',
    reason: `AWS could not be asked any more: ${errorText(why)} The rollout was ${whereIn(last)}. ${askedFor(state)}${unattendedInWords(last, started.patience, ports.strategy.words)}`,
    canaryPercent: null,
    oldRevisionUntil: null,
  };
}

const whereIn = (last: Traffic | null) =>
  last ? `last seen at ${last.percent}% (${last.stage})` : 'its start was never seen';

const askedFor = ({ rollback }: RolloutState) =>
  rollback.requested ? `A rollback had been asked for: ${rollback.requested.reason}. ` : '';
