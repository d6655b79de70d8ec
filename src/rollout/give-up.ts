import type { Traffic } from './traffic/traffic-mover.ts';
import { leftAlone } from './unattended.ts';
import type { Memory } from './state/state.ts';
import type { RolloutResult } from './ports.ts';
import type { UnderWay } from './context.ts';
import { notYetSeen } from './unseen.ts';
import { errorText } from '../core/failure.ts';

/** Nothing could be read for too long: a last try to undo, and ECS's own timeout behind it. */
export async function giveUp(
  { ports, started, memory }: UnderWay,
  last: Traffic | null,
  why: unknown,
): Promise<RolloutResult> {
  await ports.mover.rollBack(last ?? notYetSeen(started)).catch(() => {});
  return {
    outcome: 'dirty',
    reason: `AWS could not be asked any more: ${errorText(why)} The rollout was ${whereIn(last)}. ${askedFor(memory)}${leftAlone(last, started.patience, ports.strategy.words)}`,
    canaryPercent: null,
    oldRevisionUntil: null,
  };
}

const whereIn = (last: Traffic | null) =>
  last ? `last seen at ${last.percent}% (${last.stage})` : 'its start was never seen';

const askedFor = ({ wayBack }: Memory) =>
  wayBack.asked ? `A rollback had been asked for: ${wayBack.asked.reason}. ` : '';
