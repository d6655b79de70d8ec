import type { RolloutRequest } from '../request.ts';
import type { Split } from './split.ts';
import { rolling } from './rolling.ts';
import { sideBySide } from './side-by-side.ts';

/** What of the plan can be had where the versions are parted so. Pure. */
export function planFor(split: Split, plan: RolloutRequest): RolloutRequest {
  return PLANS[split](plan);
}

const PLANS: Readonly<Record<Split, (plan: RolloutRequest) => RolloutRequest>> = {
  requests: (plan) => plan,
  tasks: sideBySide,
  rolling,
};
