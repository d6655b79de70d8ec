import type { GetCallerIdentityCommandOutput } from '@aws-sdk/client-sts';
import { sandboxPrincipal } from '../wire/wire.ts';
import type { Caller, Service } from '../wire/service.ts';

/** STS knows only who one is: the same assumed role whatever the keys. */
export function createSts(): Service {
  return {
    name: 'sts',
    operations: {
      GetCallerIdentity: (
        _: unknown,
        { account }: Caller,
      ): Omit<GetCallerIdentityCommandOutput, '$metadata'> => ({
        Account: account,
        Arn: sandboxPrincipal(account),
        UserId: 'AROASANDBOXSANDBOXSAN:session',
      }),
    },
  };
}
