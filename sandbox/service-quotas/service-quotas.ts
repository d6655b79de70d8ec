import type { GetServiceQuotaRequest, GetServiceQuotaResponse } from '@aws-sdk/client-service-quotas';
import { AwsError, type Service } from '../wire/service.ts';

/** The vCPUs that an account may run on Fargate; `null` for no limit. */
export type VcpuQuota = () => number | null;

/** Without a limit, the sandbox says this one. */
const PLENTY = 4_000;

/** By quota code. */
const CLASSES: Readonly<Record<string, string>> = {
  'L-3032A538': 'Standard/OnDemand',
  'L-36FBB829': 'Standard/Spot',
};

/** Service Quotas: those of Fargate. */
export function createServiceQuotas(vCpus: VcpuQuota): Service {
  return {
    name: 'service-quotas',
    operations: {
      GetServiceQuota({ ServiceCode, QuotaCode = '' }: GetServiceQuotaRequest): GetServiceQuotaResponse {
        const quotaClass = ServiceCode === 'fargate' ? CLASSES[QuotaCode] : undefined;
        if (quotaClass === undefined) {
          throw new AwsError(
            'NoSuchResourceException',
            'The request failed because the specified quota does not exist.',
          );
        }
        return {
          Quota: {
            ServiceCode,
            QuotaCode,
            Value: vCpus() ?? PLENTY,
            UsageMetric: {
              MetricNamespace: 'AWS/Usage',
              MetricName: 'ResourceCount',
              MetricDimensions: { Class: quotaClass, Resource: 'vCPU', Service: 'Fargate', Type: 'Resource' },
              MetricStatisticRecommendation: 'Maximum',
            },
          },
        };
      },
    },
  };
}
