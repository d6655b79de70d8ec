import type { RolloutRequest } from '../../../core/request.ts';
import type { Notice, RolloutPlanned } from '../../../core/trail/event.ts';
import type { ServiceFacts } from '../../traffic/service-facts.ts';

/** There is no canary in it, and nobody should think so. */
export function rollingRemark(
  { metrics }: RolloutRequest,
  { name, routing }: Pick<ServiceFacts, 'name' | 'routing'>,
): Notice {
  const isAlone = routing.kind === 'none';
  const counts = metrics.filter(({ kind }) => kind === 'counts').map((metric) => metric.name);
  const whose = isAlone
    ? 'nobody sends it requests'
    : 'both versions are in one target group, and nothing tells whose a request was';
  const compared =
    counts.length > 0
      ? `Compared by version: ${counts.join(', ')}.`
      : 'The versions are not compared, since no metrics of its own tell them apart.';
  const held = isAlone
    ? ''
    : ' Of the target group as a whole, more than max-error-rate of the requests may not fail.';
  const message = `Service ${name} is updated by ECS in batches, without a canary: ${whose}. ${compared}${held} Crashes, health checks and alarms count too.`;
  return { kind: 'notice', level: counts.length > 0 ? 'notice' : 'warning', message };
}

/** How many tasks ECS keeps meanwhile, in percent of the desired count; what a service leaves out is ECS's default. */
export function batches({
  deploymentConfiguration: { minimumHealthyPercent = 100, maximumPercent = 200 },
}: Pick<ServiceFacts, 'deploymentConfiguration'>): NonNullable<RolloutPlanned['rolling']> {
  return { minimumHealthyPercent, maximumPercent };
}
