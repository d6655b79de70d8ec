import { ENDED, type Phase, type Traffic } from './traffic/traffic-mover.ts';
import { unattendedInWords } from './unattended.ts';
import type { RolloutState } from './state/state.ts';
import type { RolloutResult } from './result.ts';
import type { RolloutContext } from './context.ts';
import { LeaseInDoubt } from './traffic/stop-deployment.ts';
import { trafficBeforeFirstLook } from './unseen.ts';
import { isRefusal } from '../aws/errors.ts';
import { errorText } from '../core/failure.ts';

/**
 * AWS could not be read for too long: tries to roll back once more, unless another run may hold the
 * service. Otherwise, ECS does so at its timeout.
 */
export async function giveUp(
  rollout: RolloutContext,
  last: Traffic | null,
  why: unknown,
): Promise<RolloutResult> {
  const { state } = rollout;
  return {
    outcome: 'dirty',
    reason: `AWS could no longer be read: ${errorText(why)} The rollout was ${whereIn(last)}. ${askedFor(state, last)}${await lastTry(rollout, last)}`,
    canaryPercent: null,
    oldRevisionUntil: null,
  };
}

/** Requests a rollback. Returns what comes next, in words. */
async function lastTry({ ports, started }: RolloutContext, last: Traffic | null): Promise<string> {
  const { mover, strategy } = ports;
  const unattended = unattendedInWords(last, started.patience, strategy.words);
  if (last !== null && isPastRollback(last.phase)) return unattended;
  try {
    await mover.rollBack(last ?? trafficBeforeFirstLook(started));
    return `${unattended} ECS did not refuse a last request to roll back, but nothing shows yet whether it takes effect.`;
  } catch (error) {
    const other = mover.takenBy();
    return other === null
      ? `${unattended} ${failedTry(error)}`
      : `This run did not roll back, because another run has taken over the service: ${other}. That run reports how the rollout ends.`;
  }
}

function failedTry(error: unknown): string {
  if (error instanceof LeaseInDoubt)
    return 'This run did not roll back, because another run may have taken over the service while this one could not read its run tag. If one has, that run decides instead.';
  return isRefusal(error)
    ? 'AWS refused a last request to roll back.'
    : 'A last request to roll back got no answer, and may still take effect.';
}

/** Whether ECS rolls back already, or no longer can. */
function isPastRollback(phase: Phase): boolean {
  return isReturn(phase) || phase === 'cleaning-up' || ENDED.has(phase);
}

const isReturn = (phase: Phase | undefined) => phase === 'rolling-back' || phase === 'rolled-back';

const whereIn = (last: Traffic | null) =>
  last ? `last seen at ${last.percent}% (${last.stage})` : 'never seen to start';

function askedFor({ rollback: { requested, isAccepted } }: RolloutState, last: Traffic | null): string {
  if (requested === null) return '';
  return isAccepted || isReturn(last?.phase)
    ? `A rollback was requested before: ${requested.reason}. `
    : `A rollback was requested before, but nothing shows that ECS accepted it: ${requested.reason}. `;
}
