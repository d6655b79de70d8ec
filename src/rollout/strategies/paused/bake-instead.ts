import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { errorText, UserError } from '../../../core/failure.ts';
import type { RolloutRequest } from '../../../core/request.ts';
import { inUnits } from '../../../core/time/duration.ts';
import type { Notice } from '../../../core/trail/event.ts';
import type { StartAlternative } from '../../traffic/start-deployment.ts';
import { LONGEST_BAKE, type KeepOldBy } from './keep-hook.ts';

interface Baking {
  readonly rollout: RolloutRequest;
  readonly tell: (event: Notice) => void;
}

/**
 * Where ECS refuses the pause that keeps the old revision, its bake time keeps it. Nothing can end a
 * bake early, so it must not last longer than the next release waits. Empty when nothing is kept.
 */
export function bakeInstead(
  { rollout, tell }: Baking,
  configuration: (keepOldBy: KeepOldBy) => DeploymentConfiguration,
): readonly StartAlternative[] {
  const { keepOld, conflictTimeout } = rollout;
  if (keepOld === 0) return [];
  const longest = Math.min(LONGEST_BAKE, conflictTimeout);
  const baking: StartAlternative = {
    configuration(refusal) {
      if (keepOld <= longest) return configuration('bake');
      throw new UserError(
        `${errorText(refusal)} If ECS refuses the pause that keeps the old revision, its bake time can keep it instead, but no other release can start in that time: set keep-old (${inUnits(keepOld)}) to ${inUnits(longest)} or less, which is the limit by conflict-timeout and by ECS. Nothing was started.`,
      );
    },
    accepted() {
      const message = `ECS refused the pause that keeps the old revision at 100%, so its bake time keeps it: until keep-old (${inUnits(keepOld)}) has passed, no other release of this service can start.`;
      tell({ kind: 'notice', level: 'warning', message });
    },
  };
  return [baking];
}
