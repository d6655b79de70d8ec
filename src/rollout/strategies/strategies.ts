import type { DeploymentConfiguration, Service } from '@aws-sdk/client-ecs';
import type { PlanTime } from '../../core/plan/plan-time.ts';
import { STRATEGIES, type StrategyInput, type StrategyName } from '../../core/plan/strategies.ts';
import type { RolloutRequest } from '../../core/request.ts';
import type { Traffic } from '../traffic/traffic-mover.ts';
import { blueGreen } from './blue-green/blue-green.ts';
import { canary } from './canary/canary.ts';
import { rolling } from './rolling/rolling.ts';
import type { DescribedDeployment } from './described-deployment.ts';
import type { Strategy } from './strategy.ts';
import { workers } from './workers/workers.ts';

const ALL: Readonly<Record<StrategyName, Strategy>> = {
  canary,
  workers,
  rolling,
  'blue-green': blueGreen,
};

export function strategyNamed(name: StrategyName): Strategy {
  return ALL[name];
}

/** The strategy for a service, by the value of the input `strategy`. Pure. */
export function strategyFor(asked: StrategyInput, service: Service): Strategy {
  const candidates = Object.values(ALL).filter(({ name }) => STRATEGIES[name].input === asked);
  return candidates.find((strategy) => strategy.accepts(service)) ?? candidates[0]!;
}

/**
 * The strategy of a deployment, from its copy of the configuration. A deployment that matches no
 * strategy is read as a canary. Pure.
 */
export function strategyOf(snapshot: DeploymentConfiguration | undefined): Strategy {
  return Object.values(ALL).find((strategy) => strategy.isOwn(snapshot)) ?? canary;
}

/** The state of a deployment, whoever started it. Pure. */
export function trafficOf(deployment: DescribedDeployment): Traffic {
  return strategyOf(deployment.deploymentConfiguration).read(deployment);
}

/** How long a rollout takes, without knowledge of the service. Pure. */
export function planTime(plan: RolloutRequest): PlanTime {
  return ALL[plan.strategy].time(plan);
}
