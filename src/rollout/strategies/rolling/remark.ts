import type { RolloutRequest } from '../../../core/request.ts';
import type { Notice, RolloutPlanned } from '../../../core/trail/event.ts';
import type { ServiceFacts } from '../../traffic/service-facts.ts';

/** Says that a rolling update has no canary, and what is judged instead. */
export function rollingRemark(
  { metrics }: RolloutRequest,
  { name, routing }: Pick<ServiceFacts, 'name' | 'routing'>,
): Notice {
  const isAlone = routing.kind === 'none';
  const counts = metrics.filter(({ kind }) => kind === 'counts').map((metric) => metric.name);
  const whose = isAlone
    ? 'it has no load balancer'
    : 'both revisions are in one target group, which does not count their requests separately';
  const compared =
    counts.length > 0
      ? `Metrics that are compared between the revisions: ${counts.join(', ')}.`
      : 'The revisions are not compared, because the service has no metrics that count each revision separately.';
  const held = isAlone ? '' : ' No more than max-error-rate of all requests to the target group may fail.';
  const message = `ECS updates service ${name} in batches, without a canary: ${whose}. ${compared}${held} Crashes, health checks and alarms count too.`;
  return { kind: 'notice', level: counts.length > 0 ? 'notice' : 'warning', message };
}

/**
 * How many tasks ECS keeps during the update, in percent of the desired count. Values that the
 * service does not set are the defaults of ECS.
 */
export function batches({
  deploymentConfiguration: { minimumHealthyPercent = 100, maximumPercent = 200 },
}: Pick<ServiceFacts, 'deploymentConfiguration'>): NonNullable<RolloutPlanned['rolling']> {
  return { minimumHealthyPercent, maximumPercent };
}
