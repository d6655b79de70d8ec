import type { STSClientConfig } from '@aws-sdk/client-sts';

export interface CallerIdentity {
  readonly account: string | null;
  readonly arn: string | null;
}

/**
 * Whose credentials the options of a client have. Requires no permission. Rejects with the SDK's
 * error.
 */
export async function callerIdentity(config: STSClientConfig): Promise<CallerIdentity> {
  const { GetCallerIdentityCommand, STSClient } = await import('../sdk/sts.ts');
  const { Account = null, Arn = null } = await new STSClient(config).send(new GetCallerIdentityCommand());
  return { account: Account, arn: Arn };
}
