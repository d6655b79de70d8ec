import type { ACMClient } from '@aws-sdk/client-acm';
import type { DeploymentConfiguration, ECSClient, Service } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2Client, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
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
 * A way to roll out a new revision. Everything that differs between strategies is in these members
 * or in the code that they load. Loading a strategy is cheap: only `inspect` and `mover` load the
 * AWS SDK.
 */
export interface Strategy {
  readonly name: StrategyName;
  /** What the percentages are a share of. */
  readonly share: Share;
  readonly words: StrategyWords;
  /** Whether this strategy fits the service, among the strategies of the same input value. Pure. */
  accepts(service: Service): boolean;
  /**
   * Reads how requests reach the service and what prevents a rollout with this strategy. Changes
   * nothing.
   */
  inspect(service: Service, inspection: Inspection): Promise<Inspected>;
  /** The part of the plan that this strategy supports. Pure. */
  plan(request: RolloutRequest): RolloutRequest;
  /**
   * How long a rollout with this plan takes, without knowledge of the service or its traffic. Pure.
   */
  time(request: RolloutRequest): PlanTime;
  /** What the trail reports about the plan besides its steps and times. Optional. Pure. */
  planned?(plan: RolloutRequest, facts: ServiceFacts): Pick<RolloutPlanned, 'rolling' | 'bakeTime'>;
  /**
   * A notice about the parts of the plan that do not apply to the service, and about what the judge
   * uses. `null` when there is nothing to say. Pure.
   */
  remark(plan: RolloutRequest, facts: ServiceFacts): Notice | null;
  mover(options: MoverOptions): Promise<TrafficMover>;
  /** The state of a deployment as ECS describes it. Pure. */
  read(deployment: DescribedDeployment): Traffic;
  /** Whether a deployment belongs to this strategy, by its copy of the configuration. Pure. */
  isOwn(snapshot: DeploymentConfiguration | undefined): boolean;
  /**
   * The deployment of this release that has ended but must still be watched; `null` when there is
   * none. Only for strategies that watch after the end.
   */
  unwatched?(unwatched: Unwatched): Promise<string | null>;
  /**
   * The share at which the new revision should be healthy by now, in percent. Default: its current
   * share. Pure.
   */
  dueShare?(traffic: Traffic): number;
  /**
   * Decides before the common rules for moving forward; `null` leaves the decision to them.
   * Optional. Pure.
   */
  decide?(seen: Observation, plan: RolloutRequest): Decision | null;
  /**
   * Decides whether to leave a step of the plan; `null` leaves the decision to the evidence.
   * Optional. Pure.
   */
  leaveStep?(seen: Observation, plan: RolloutRequest, pause: Pause): Decision | null;
}

export interface Inspection {
  readonly elb: ElasticLoadBalancingV2Client;
  readonly acm: () => Promise<ACMClient>;
  readonly rollout: RolloutRequest;
}

export interface Inspected {
  /** `null` when the routing could not be determined. */
  readonly routing: Routing | null;
  /** Each problem includes its fix. */
  readonly problems: readonly string[];
  /** What the user should know although the rollout can start. */
  readonly remarks?: readonly string[];
  /** The production listener rule, if it was read. */
  readonly rule?: Rule;
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
  /** The task definition of the release. */
  readonly taskDefinitionArn: string;
}
