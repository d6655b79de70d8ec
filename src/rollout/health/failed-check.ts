import type { ServiceEvent } from '@aws-sdk/client-ecs';
import type { TargetGroup, TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';

/** A failed health check: the port that the load balancer asked, and what came back. */
export interface FailedCheck {
  readonly port: string | null;
  readonly answer: string;
}

/** The failed health check of an unhealthy target. Pure. */
export function checkOfTarget({ HealthCheckPort, TargetHealth }: TargetHealthDescription): FailedCheck {
  return {
    port: HealthCheckPort ?? null,
    answer: TargetHealth?.Description ?? TargetHealth?.Reason ?? 'no reason given',
  };
}

/**
 * The newest failed health check in the events of a service: `(port 8080) is unhealthy in
 * (target-group web) due to (reason Health checks failed with these codes: [500])`. `null` when
 * there is none since then. Pure.
 */
export function checkInEvents(events: readonly ServiceEvent[], since: number): FailedCheck | null {
  for (const { createdAt, message = '' } of events) {
    const [, port = null, answer] =
      /(?:\(port (\d+)\) )?is unhealthy in .* due to \(reason (.+)\)/.exec(message) ?? [];
    if (answer !== undefined && (createdAt?.getTime() ?? 0) >= since) return { port, answer };
  }
  return null;
}

/** In words: `health check GET /health on port 8080: Request timed out`. Pure. */
export function failedCheckInWords({ port, answer }: FailedCheck, group: TargetGroup | null): string {
  const request = group?.HealthCheckPath
    ? ` GET ${group.HealthCheckPath}`
    : group?.HealthCheckProtocol
      ? ` over ${group.HealthCheckProtocol}`
      : '';
  return `health check${request}${port === null ? '' : ` on port ${port}`}: ${answer}`;
}
