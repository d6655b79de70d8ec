import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  GetServiceQuotaCommand,
  type MetricInfo,
  type ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { MINUTE, SECOND } from '../../../core/time/clock.ts';
import { createSeriesReader } from '../../metrics/series.ts';
import type { RoomSaid } from './room.ts';

/** The codes of Fargate's quotas for vCPUs that run at the same time. */
const ON_DEMAND = 'L-3032A538';
const SPOT = 'L-36FBB829';

export interface QuotaClients {
  readonly serviceQuotas: ServiceQuotasClient;
  readonly cloudWatch: CloudWatchClient;
}

/** The vCPUs that a release needs beside the running ones. */
export interface VcpuNeed {
  readonly tasks: number;
  readonly vCpus: number;
}

/**
 * Compares what is left of Fargate's vCPU quotas with what a release needs. `providers`: the capacity
 * providers of the service; none means on-demand. `null` when it is enough, or when the usage is not
 * known. Rejects with UserError when AWS refuses a read.
 */
export async function readVcpuQuota(
  clients: QuotaClients,
  providers: readonly string[],
  { tasks, vCpus }: VcpuNeed,
  now: number,
): Promise<RoomSaid | null> {
  const codes = [
    ...(providers.length === 0 || providers.includes('FARGATE') ? [ON_DEMAND] : []),
    ...(providers.includes('FARGATE_SPOT') ? [SPOT] : []),
  ];
  const quotas = await Promise.all(codes.map((code) => readQuota(clients, code, now)));
  if (quotas.some(({ used }) => used === null)) return null;
  const left = quotas.reduce((sum, { limit, used }) => sum + Math.max(0, limit - used!), 0);
  if (left >= vCpus) return null;
  const inWords = quotas.map(
    ({ code, limit, used }) => `${inVcpus(used!)} of ${inVcpus(limit)} vCPUs in use (quota ${code})`,
  );
  return {
    isShort: true,
    message: `the ${tasks} tasks that this release starts beside the running ones need ${inVcpus(vCpus)} vCPUs of Fargate, and ${inVcpus(left)} are left: ${inWords.join(', ')}. Request a higher quota from Service Quotas, or let the tasks need less.`,
  };
}

interface Quota {
  readonly code: string;
  /** vCPUs. */
  readonly limit: number;
  /** vCPUs; `null` when AWS does not say. */
  readonly used: number | null;
}

async function readQuota(
  { serviceQuotas, cloudWatch }: QuotaClients,
  code: string,
  now: number,
): Promise<Quota> {
  const { Quota } = await serviceQuotas.send(
    new GetServiceQuotaCommand({ ServiceCode: 'fargate', QuotaCode: code }),
  );
  const { Value = Infinity, UsageMetric } = Quota ?? {};
  return { code, limit: Value, used: UsageMetric ? await readUsage(cloudWatch, UsageMetric, now) : null };
}

/** The newest value of the last quarter of an hour. */
async function readUsage(
  cloudWatch: CloudWatchClient,
  metric: MetricInfo,
  now: number,
): Promise<number | null> {
  const {
    MetricNamespace,
    MetricName,
    MetricDimensions = {},
    MetricStatisticRecommendation = 'Maximum',
  } = metric;
  const query = {
    Id: 'used',
    MetricStat: {
      Metric: {
        Namespace: MetricNamespace,
        MetricName,
        Dimensions: Object.entries(MetricDimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: MINUTE / SECOND,
      Stat: MetricStatisticRecommendation,
    },
  };
  const { series } = await createSeriesReader(cloudWatch).read([query], now - 15 * MINUTE, now);
  return [...(series.get('used')?.values() ?? [])].at(-1) ?? null;
}

/** `0.25`, `6`. */
function inVcpus(amount: number): string {
  return String(Number(amount.toFixed(2)));
}
