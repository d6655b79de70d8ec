import type { ECSClient } from '@aws-sdk/client-ecs';
import { nameOfArn } from '../../core/arn.ts';
import type { RolloutRequest } from '../../core/request.ts';
import { findService } from '../../aws/ecs/find-service.ts';
import { writtenIn } from '../../aws/lease/run-tag.ts';
import { strategyNamed, trafficOf } from '../../rollout/strategies/strategies.ts';
import type { ServiceFacts } from '../../rollout/traffic/service-facts.ts';
import type { Phase } from '../../rollout/traffic/traffic-mover.ts';
import { releaseInWords } from '../../report/release.ts';
import { readDeploymentUnderWay } from '../rollback/under-way.ts';

export interface DuringRollout {
  /** Who is at what step, and what that means for this release. */
  readonly message: string;
  /** The task definition that users get by default: what the plan compares with. */
  readonly serving: string;
}

/** The deployment in progress, as a plan shows it; `null` when there is none, or ECS does not say. */
export async function readDuringRollout(
  ecs: ECSClient,
  facts: ServiceFacts,
  { onConflict }: Pick<RolloutRequest, 'onConflict'>,
): Promise<DuringRollout | null> {
  const place = { cluster: facts.cluster, name: facts.name };
  const underWay = await readDeploymentUnderWay(ecs, place).catch(() => null);
  if (underWay === null) return null;
  const { deployment, from, to } = underWay;
  const { tags = [] } = await findService(ecs, { service: facts.name, cluster: facts.cluster });
  const { phase, percent } = trafficOf(deployment);
  const { share } = strategyNamed(facts.strategy).words;
  const run = writtenIn(tags);
  const isOver = ALL_ON_NEW.has(phase);
  const state = phase === 'rolling-back' ? 'is being rolled back' : `has ${percent}% of ${share}`;
  return {
    message: [
      `A deployment of the service is in progress: ${releaseInWords(to)} ${state}${from === null ? '' : `, instead of ${releaseInWords(from)}`} (service deployment ${nameOfArn(deployment.serviceDeploymentArn!)}${run === null ? '' : `, run ${run.inWords}`}).`,
      NEXT[phase === 'keeping-old' ? 'keeping-old' : onConflict],
      `The plan compares with ${nameOfArn((isOver ? to : (from ?? to)).taskDefinitionArn)}, which serves.`,
    ].join(' '),
    serving: (isOver ? to : (from ?? to)).taskDefinitionArn,
  };
}

const ALL_ON_NEW: ReadonlySet<Phase> = new Set(['keeping-old', 'cleaning-up', 'baking', 'done']);

const NEXT = {
  'keeping-old': 'This release would end the time for which its old revision is kept.',
  wait: 'This release would wait for its end (on-conflict: wait).',
  fail: 'This release would be refused until it has ended (on-conflict: fail).',
} as const;
