import type { ECSClient } from '@aws-sdk/client-ecs';
import { callerIdentity } from '../../aws/credentials/caller-identity.ts';
import type { Environment } from '../../core/environment.ts';

/**
 * The name for the log of the rollout: who started the workflow, otherwise the AWS identity. Never
 * rejects.
 */
export async function callerOf(env: Environment, ecs: ECSClient): Promise<string> {
  const actor = env['GITHUB_ACTIONS'] === 'true' ? env['GITHUB_ACTOR'] : undefined;
  return actor || (await identity(ecs).catch(() => null)) || env['USER'] || 'an unknown user';
}

/** The ARN of the identity that calls ECS. */
async function identity({ config }: ECSClient): Promise<string | null> {
  const { region, credentials, requestHandler } = config;
  return (await callerIdentity({ region, credentials, requestHandler, maxAttempts: 2 })).arn;
}
