import type { Clock } from '../../src/core/time/clock.ts';
import { metricDimensions } from '../elbv2/elbv2.ts';
import type { MetricSink } from '../ports.ts';

export type BalancerFailure = 502 | 503 | 504;

/**
 * Publishes the AWS/ApplicationELB metrics of one target group. A request is counted when it is
 * answered or has failed, so that a request and its answer are in the same period.
 */
export interface TargetGroupCounts {
  /** @param seconds from sending the request until the first header of the answer. */
  answered(status: number, seconds: number): void;
  /** The target did not answer. @param connected whether the connection was established. */
  unanswered(connected: boolean): void;
}

export interface LoadBalancerCounts {
  group(targetGroupArn: string): TargetGroupCounts;
  /** The load balancer itself answered with an error. */
  failed(status: BalancerFailure): void;
  redirected(): void;
  fixedResponse(): void;
}

export function createCounts(metrics: MetricSink, clock: Clock, loadBalancerArn: string): LoadBalancerCounts {
  const own = [metricDimensions(loadBalancerArn, null)];
  const groups = new Map<string, TargetGroupCounts>();

  type Sample = Parameters<MetricSink['record']>[0];
  function record(metric: string, rest: Partial<Pick<Sample, 'dimensions' | 'value' | 'unit'>> = {}): void {
    metrics.record({
      namespace: 'AWS/ApplicationELB',
      metric,
      dimensions: own,
      at: clock.now(),
      value: 1,
      unit: 'Count',
      ...rest,
    });
  }

  function createGroup(targetGroupArn: string): TargetGroupCounts {
    const dimensions = [metricDimensions(loadBalancerArn, targetGroupArn), ...own];
    return {
      answered(status, seconds) {
        record('RequestCount', { dimensions });
        // An upgraded connection has no status class and no response time.
        if (status < 200) return;
        record(`HTTPCode_Target_${Math.floor(status / 100)}XX_Count`, { dimensions });
        record('TargetResponseTime', { dimensions, value: seconds, unit: 'Seconds' });
      },
      unanswered(connected) {
        record('RequestCount', { dimensions });
        if (!connected) record('TargetConnectionErrorCount', { dimensions });
      },
    };
  }

  return {
    group(targetGroupArn) {
      let group = groups.get(targetGroupArn);
      if (!group) groups.set(targetGroupArn, (group = createGroup(targetGroupArn)));
      return group;
    },
    failed(status) {
      record('HTTPCode_ELB_5XX_Count');
      record(`HTTPCode_ELB_${status}_Count`);
    },
    redirected: () => record('HTTP_Redirect_Count'),
    fixedResponse: () => record('HTTP_Fixed_Response_Count'),
  };
}
