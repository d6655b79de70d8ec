import { allows, type Policy } from './policy.ts';
import { type GuardedCall, wantedBy } from './wanted.ts';

/** Checks the permissions of callers. */
export interface Guard {
  /** The first missing permission of a call; `null` when the call is allowed. */
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

/**
 * The policy applies to all callers except those with the owners' keys, who may do everything.
 * `tell` is called for each refusal.
 */
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
