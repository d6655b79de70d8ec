import type { ECSClient } from '@aws-sdk/client-ecs';
import type { Environment } from '../../core/environment.ts';

/** Who speaks, as the log of the rollout will tell: who started the workflow, or else whoever AWS says that it is. Never rejects. */
export async function callerOf(env: Environment, ecs: ECSClient): Promise<string> {
  const actor = env['GITHUB_ACTIONS'] === 'true' ? env['GITHUB_ACTOR'] : undefined;
  return actor || (await identity(ecs).catch(() => null)) || env['USER'] || 'somebody';
}

/** The ARN, as whom the calls to ECS are made. Every identity may ask for its own. */
async function identity({ config }: ECSClient): Promise<string | null> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const { region, credentials, requestHandler } = config;
  const sts = new STSClient({ region, credentials, requestHandler, maxAttempts: 2 });
  return (await sts.send(new GetCallerIdentityCommand())).Arn ?? null;
}
