import type { Service } from '@aws-sdk/client-ecs';
import type { Clients } from '../../../aws/clients.ts';
import { errorText } from '../../../core/failure.ts';
import type { RolloutRequest } from '../../../core/request.ts';
import type { Notice } from '../../../core/trail/event.ts';
import { strategyFor } from '../../strategies/strategies.ts';
import { readRoom } from './read-room.ts';

export interface RoomChecked {
  /** With `on-no-room: fail`, why the release would wait for room. */
  readonly problem: string | null;
  readonly notice: Notice | null;
}

/**
 * Checks before the build whether the cluster's instances have room for the new tasks. ECS decides
 * in the end, so a shortage is a warning by default, and a read that fails hinders nothing. Never
 * rejects.
 */
export async function checkRoom(
  { ecs, autoScaling }: Pick<Clients, 'ecs' | 'autoScaling'>,
  service: Service,
  rollout: RolloutRequest,
): Promise<RoomChecked> {
  try {
    const strategy = strategyFor(rollout.strategy, service).name;
    const said = await readRoom({ ecs: await ecs(), autoScaling }, service, strategy);
    if (said === null) return { problem: null, notice: null };
    if (said.isShort && rollout.onNoRoom === 'fail') {
      return { problem: `on-no-room is fail: ${said.message}`, notice: null };
    }
    return noticed(said.isShort ? 'warning' : 'notice', said.message);
  } catch (error) {
    return noticed(
      'notice',
      `Whether the cluster has room for the new tasks was not checked: ${errorText(error)}`,
    );
  }
}

function noticed(level: Notice['level'], message: string): RoomChecked {
  return { problem: null, notice: { kind: 'notice', level, message } };
}
