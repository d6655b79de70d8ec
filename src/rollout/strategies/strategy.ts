import type { DeploymentConfiguration, ECSClient, Service } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { PlanTime } from '../../core/plan/plan-time.ts';
import type { StrategyName } from '../../core/plan/strategies.ts';
import type { RolloutRequest } from '../../core/request.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { Notice, RolloutPlanned } from '../../core/trail/event.ts';
import type { Decision, Observation } from '../observation.ts';
import type { Routing, ServiceFacts } from '../traffic/service-facts.ts';
import type { StartOptions } from '../traffic/start-deployment.ts';
import type { Pause, Share, Traffic, TrafficMover } from '../traffic/traffic-mover.ts';
import type { DescribedDeployment } from './described-deployment.ts';
import type { StrategyWords } from './words.ts';

/**
 * A way to take a service to a new revision. All that differs between two of them is here, or in what these members load: everybody
 * else asks the strategy. What is needed to load it is light; code of AWS's SDK comes with `inspect` and `mover`.
 */
export interface Strategy {
  readonly name: StrategyName;
  /** What its percentages are a share of. */
  readonly share: Share;
  readonly words: StrategyWords;
  /** Whether it is the one for this service, among those that the same input asks for. Pure. */
  accepts(service: Service): boolean;
  /** Reads how requests come to the service, and whatever keeps it from being rolled out so. Changes nothing. */
  inspect(service: Service, inspection: Inspection): Promise<Inspected>;
  /** What of the plan can be had. Pure. */
  plan(request: RolloutRequest): RolloutRequest;
  /** How long a rollout by this plan takes; nothing is known yet of the service or its traffic. Pure. */
  time(request: RolloutRequest): PlanTime;
  /** What the trail tells of the plan besides its steps and times. Pure. Absent: nothing. */
  planned?(plan: RolloutRequest, facts: ServiceFacts): Pick<RolloutPlanned, 'rolling' | 'bakeTime'>;
  /** What of the plan the service cannot have, and what it is judged by; null: nothing is to be said. Pure. */
  remark(plan: RolloutRequest, facts: ServiceFacts): Notice | null;
  mover(options: MoverOptions): Promise<TrafficMover>;
  /** Where a deployment stands, by ECS's own account. Pure. */
  read(deployment: DescribedDeployment): Traffic;
  /** Whether a deployment is one of this strategy's, by its snapshot of the configuration. Pure. */
  isOwn(snapshot: DeploymentConfiguration | undefined): boolean;
  /** The deployment of this release that has ended, and is still to be watched; null: there is none. Absent: there never is. */
  unwatched?(unwatched: Unwatched): Promise<string | null>;
  /** The share that the new version should be well with by now, in percent. Absent: the one that it has. Pure. */
  dueShare?(traffic: Traffic): number;
  /** Decides before the usual questions about the way forward. Null: they decide. Absent: they always do. Pure. */
  decide?(seen: Observation, plan: RolloutRequest): Decision | null;
  /** Decides whether to leave a step that the user wants to stay at. Null: evidence decides. Absent: it always does. Pure. */
  leaveStep?(seen: Observation, plan: RolloutRequest, pause: Pause): Decision | null;
}

/** What a service is inspected with. */
export interface Inspection {
  readonly elb: ElasticLoadBalancingV2Client;
  readonly rollout: RolloutRequest;
}

export interface Inspected {
  /** Null: it could not be made out. */
  readonly routing: Routing | null;
  /** Each with its fix. */
  readonly problems: readonly string[];
}

export interface MoverOptions extends StartOptions {
  readonly elb: ElasticLoadBalancingV2Client;
  readonly rollout: RolloutRequest;
  readonly tell: (event: Notice) => void;
}

export interface Unwatched {
  readonly ecs: ECSClient;
  readonly clock: Clock;
  readonly service: ServiceFacts;
  readonly rollout: RolloutRequest;
  /** Of the release. */
  readonly taskDefinitionArn: string;
}
