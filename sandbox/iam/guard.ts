import { allows, type Policy } from './policy.ts';
import { type GuardedCall, wantedBy } from './wanted.ts';

/** Whether a caller may do what is asked. */
export interface Guard {
  /** What is not allowed of it: the first permission that is missing. Null: it may go on. */
  refuses(call: Asked): Refused | null;
}

interface Asked extends Omit<GuardedCall, 'caller'> {
  readonly caller: GuardedCall['caller'] & { readonly accessKeyId: string };
}

export interface Refused {
  readonly action: string;
  readonly resource: string;
}

export const NO_GUARD: Guard = { refuses: () => null };

/** The policy is everybody's but that of the owners' keys, who may do everything. `tell` hears of each refusal. */
export function createGuard(
  policy: Policy,
  owners: readonly string[] = [],
  tell: (refused: Refused) => void = () => {},
): Guard {
  return {
    refuses(call) {
      if (owners.includes(call.caller.accessKeyId)) return null;
      const refused = wantedBy(call).find((wanted) => !allows(policy, wanted));
      if (refused === undefined) return null;
      tell(refused);
      return refused;
    },
  };
}
