import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { ECRClient } from '@aws-sdk/client-ecr';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';

/** The AWS APIs in use. Each client is loaded and built when it is first asked for: a run that needs no ECR never reads its code. */
export interface Clients {
  readonly ecs: () => Promise<ECSClient>;
  readonly ecr: () => Promise<ECRClient>;
  readonly elasticLoadBalancing: () => Promise<ElasticLoadBalancingV2Client>;
  readonly cloudWatch: () => Promise<CloudWatchClient>;
  readonly cloudWatchLogs: () => Promise<CloudWatchLogsClient>;
}

/** What all clients share. Credentials, region and endpoint come from the environment unless given, as everywhere in AWS's SDKs. */
export interface ClientOptions {
  readonly region: string;
  readonly version: string;
  /** For a simulation: its own transport and fixed credentials. */
  readonly overrides?: object;
}

/** As the SDK's clients take them. */
export function sharedOptions({ region, version, overrides }: ClientOptions) {
  return {
    region,
    // Throttling is the account's, shared with every other run: adaptive mode slows this run down instead of failing it.
    retryMode: 'adaptive',
    maxAttempts: 6,
    customUserAgent: [['ecs-ramp', version]] as [string, string][],
    ...overrides,
  };
}

export function createClients(shared: ClientOptions): Clients {
  const options = sharedOptions(shared);
  return {
    ecs: once(async () => new (await import('@aws-sdk/client-ecs')).ECSClient(options)),
    ecr: once(async () => new (await import('@aws-sdk/client-ecr')).ECRClient(options)),
    elasticLoadBalancing: once(
      async () =>
        new (await import('@aws-sdk/client-elastic-load-balancing-v2')).ElasticLoadBalancingV2Client(options),
    ),
    cloudWatch: once(async () => new (await import('@aws-sdk/client-cloudwatch')).CloudWatchClient(options)),
    cloudWatchLogs: once(
      async () => new (await import('@aws-sdk/client-cloudwatch-logs')).CloudWatchLogsClient(options),
    ),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
