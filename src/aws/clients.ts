import type { ACMClient } from '@aws-sdk/client-acm';
import type { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { ECRClient } from '@aws-sdk/client-ecr';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { Ec2 } from './ec2.ts';
import { hearing, type SdkPlugin } from './aws-time.ts';
import { explaining } from './explain.ts';
import { keepingUnknownMembers } from './unknown-members.ts';
import { type ProxySettings, proxyVariables } from '../core/proxy.ts';
import { SECOND, type Milliseconds } from '../core/time/clock.ts';

/** The AWS APIs in use. Each client is loaded and created on first use. */
export interface Clients {
  readonly acm: () => Promise<ACMClient>;
  readonly applicationAutoScaling: () => Promise<ApplicationAutoScalingClient>;
  readonly autoScaling: () => Promise<AutoScalingClient>;
  readonly ec2: () => Promise<Ec2>;
  readonly ecs: () => Promise<ECSClient>;
  /** Default region: that of the other clients. */
  readonly ecr: (region?: string) => Promise<ECRClient>;
  readonly elasticLoadBalancing: () => Promise<ElasticLoadBalancingV2Client>;
  readonly cloudWatch: () => Promise<CloudWatchClient>;
  readonly cloudWatchLogs: () => Promise<CloudWatchLogsClient>;
  readonly serviceQuotas: () => Promise<ServiceQuotasClient>;
  /** Clients with more retries, for calls that may wait. Default: these clients. */
  readonly patient?: Clients;
}

/**
 * Options of all clients. Credentials and endpoint come from the environment by default, as in all
 * AWS SDKs.
 */
export interface ClientOptions {
  readonly region: string;
  readonly version: string;
  /** Limits of one attempt. Default: `TIME_LIMITS`. */
  readonly timeLimits?: TimeLimits;
  /** Called with the time of each answer by AWS's clock, in milliseconds since 1970. */
  readonly heard?: (date: number) => void;
  /** Default: no proxy. */
  readonly proxies?: ProxySettings | null;
  /** For simulations: another transport and fixed credentials. */
  readonly overrides?: object;
}

export interface TimeLimits {
  /** Until the connection is established. */
  readonly connection: Milliseconds;
  /** Until the answer starts, and then between two parts of it. */
  readonly answer: Milliseconds;
}

/**
 * Without these limits, the SDK waits a quarter of an hour per attempt for a connection that never
 * answers.
 */
export const TIME_LIMITS: TimeLimits = { connection: 5 * SECOND, answer: 15 * SECOND };

/** Few, because a rollout reads the same state again a few seconds later. */
const MAX_ATTEMPTS = 6;

/** The options in the form that the SDK's clients accept. */
export function sharedOptions({
  region,
  version,
  timeLimits = TIME_LIMITS,
  proxies = null,
  overrides,
}: ClientOptions) {
  return {
    region,
    // All runs of the account share its API limits: adaptive mode slows this run down so that it
    // does not fail.
    retryMode: 'adaptive',
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: timeLimits.connection,
      requestTimeout: timeLimits.answer,
      throwOnRequestTimeout: true,
      socketTimeout: timeLimits.answer,
      // The SDK has connections of its own, which a proxy of the process does not affect.
      ...(proxies !== null && agentsFor(proxies)),
    },
    customUserAgent: [['ecs-ramp', version]] as [string, string][],
    ...overrides,
  };
}

function agentsFor(proxies: ProxySettings) {
  const proxyEnv = proxyVariables(proxies);
  return { httpAgent: { proxyEnv }, httpsAgent: { proxyEnv } };
}

/**
 * For calls before production changes, where waiting is harmless. An account can register one task
 * definition per second: of fifty jobs that start together, some wait half a minute.
 */
const PATIENT_ATTEMPTS = 30;

export function createClients(shared: ClientOptions): Clients {
  const options = sharedOptions(shared);
  const patient = { ...options, maxAttempts: patienceOf(options) };
  return { ...clientsWith(options, shared.heard), patient: clientsWith(patient, shared.heard) };
}

/** A caller that overrides `maxAttempts` with fewer attempts gets no additional attempts here. */
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
    acm: once(async () => made(new (await import('./sdk/acm.ts')).ACMClient(options))),
    applicationAutoScaling: once(async () =>
      made(new (await import('./sdk/application-auto-scaling.ts')).ApplicationAutoScalingClient(options)),
    ),
    autoScaling: once(async () =>
      made(new (await import('./sdk/auto-scaling.ts')).AutoScalingClient(options)),
    ),
    ec2: once(async () => (await import('./ec2.ts')).createEc2(options, made)),
    ecs: once(async () => {
      const client = made(new (await import('./sdk/ecs.ts')).ECSClient(options));
      client.middlewareStack.use(keepingUnknownMembers);
      return client;
    }),
    ecr: onceEach(options.region, async (region) =>
      made(new (await import('./sdk/ecr.ts')).ECRClient({ ...options, region })),
    ),
    elasticLoadBalancing: once(async () =>
      made(new (await import('./sdk/elastic-load-balancing-v2.ts')).ElasticLoadBalancingV2Client(options)),
    ),
    cloudWatch: once(async () => made(new (await import('./sdk/cloudwatch.ts')).CloudWatchClient(options))),
    cloudWatchLogs: once(async () =>
      made(new (await import('./sdk/cloudwatch-logs.ts')).CloudWatchLogsClient(options)),
    ),
    serviceQuotas: once(async () =>
      made(new (await import('./sdk/service-quotas.ts')).ServiceQuotasClient(options)),
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

/** One client for each region. */
function onceEach<T>(
  standard: string,
  make: (region: string) => Promise<T>,
): (region?: string) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (region = standard) => {
    const found = made.get(region) ?? make(region);
    made.set(region, found);
    return found;
  };
}
