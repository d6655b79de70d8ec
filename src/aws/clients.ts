import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { ECRClient } from '@aws-sdk/client-ecr';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { hearing, type SdkPlugin } from './aws-time.ts';
import { explaining } from './explain.ts';
import { SECOND, type Milliseconds } from '../core/time/clock.ts';

/** The AWS APIs in use. Each client is loaded and built when it is first asked for: a run that needs no ECR never reads its code. */
export interface Clients {
  readonly ecs: () => Promise<ECSClient>;
  readonly ecr: () => Promise<ECRClient>;
  readonly elasticLoadBalancing: () => Promise<ElasticLoadBalancingV2Client>;
  readonly cloudWatch: () => Promise<CloudWatchClient>;
  readonly cloudWatchLogs: () => Promise<CloudWatchLogsClient>;
  /** The same for what may wait; these unless told. */
  readonly patient?: Clients;
}

/** What all clients share. Credentials, region and endpoint come from the environment unless given, as everywhere in AWS's SDKs. */
export interface ClientOptions {
  readonly region: string;
  readonly version: string;
  /** How long a try may take: `TIME_LIMITS` unless given. */
  readonly timeLimits?: TimeLimits;
  /** Told when AWS says that it gave each answer, in milliseconds since 1970. */
  readonly heard?: (date: number) => void;
  /** For a simulation: its own transport and fixed credentials. */
  readonly overrides?: object;
}

export interface TimeLimits {
  /** Until the connection is there. */
  readonly connection: Milliseconds;
  /** Until the answer begins, and then between two parts of it. */
  readonly answer: Milliseconds;
}

/** Without limits a connection that never answers would hold up a rollout for as long as the SDK likes: a quarter of an hour a try. */
export const TIME_LIMITS: TimeLimits = { connection: 5 * SECOND, answer: 15 * SECOND };

/** In the rollout the next look is another try, so these are few. */
const MAX_ATTEMPTS = 6;

/** As the SDK's clients take them. */
export function sharedOptions({ region, version, timeLimits = TIME_LIMITS, overrides }: ClientOptions) {
  return {
    region,
    // Throttling is the account's, shared with every other run: adaptive mode slows this run down instead of failing it.
    retryMode: 'adaptive',
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: timeLimits.connection,
      requestTimeout: timeLimits.answer,
      throwOnRequestTimeout: true,
      socketTimeout: timeLimits.answer,
    },
    customUserAgent: [['ecs-ramp', version]] as [string, string][],
    ...overrides,
  };
}

/**
 * Before production is touched nothing is lost by waiting. Task definitions are registered once a second in a whole account: fifty
 * jobs that begin together wait half a minute for one another.
 */
const PATIENT_ATTEMPTS = 30;

export function createClients(shared: ClientOptions): Clients {
  const options = sharedOptions(shared);
  const patient = { ...options, maxAttempts: patienceOf(options) };
  return { ...clientsWith(options, shared.heard), patient: clientsWith(patient, shared.heard) };
}

/** Whoever wants fewer tries than usual wants no patience either. */
function patienceOf({ maxAttempts }: { readonly maxAttempts: number }): number {
  return maxAttempts < MAX_ATTEMPTS ? maxAttempts : PATIENT_ATTEMPTS;
}

function clientsWith(options: ReturnType<typeof sharedOptions>, heard?: ClientOptions['heard']): Clients {
  const made = <C extends Listening>(client: C): C => {
    client.middlewareStack.use(explaining);
    if (heard) client.middlewareStack.use(hearing(heard));
    return client;
  };
  return {
    ecs: once(async () => made(new (await import('@aws-sdk/client-ecs')).ECSClient(options))),
    ecr: once(async () => made(new (await import('@aws-sdk/client-ecr')).ECRClient(options))),
    elasticLoadBalancing: once(async () =>
      made(
        new (await import('@aws-sdk/client-elastic-load-balancing-v2')).ElasticLoadBalancingV2Client(options),
      ),
    ),
    cloudWatch: once(async () =>
      made(new (await import('@aws-sdk/client-cloudwatch')).CloudWatchClient(options)),
    ),
    cloudWatchLogs: once(async () =>
      made(new (await import('@aws-sdk/client-cloudwatch-logs')).CloudWatchLogsClient(options)),
    ),
  };
}

interface Listening {
  readonly middlewareStack: { use(plugin: SdkPlugin): void };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
