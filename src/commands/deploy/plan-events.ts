import { quantity } from '../../core/quantity.ts';
import { inUnits } from '../../core/time/duration.ts';
import type { RolloutRequest } from '../../core/request.ts';
import { gateInWords } from '../../core/plan/gates.ts';
import { strategyNamed } from '../../rollout/strategies/strategies.ts';
import { partOf } from '../../rollout/strategies/words.ts';
import type { ServiceFacts } from '../../rollout/traffic/service-facts.ts';
import type { ServiceInspected, NewEvent, Notice } from '../../core/trail/event.ts';

/** The event with the plan of the rollout. */
export function plannedEvent(asked: RolloutRequest, facts: ServiceFacts): NewEvent {
  const strategy = strategyNamed(facts.strategy);
  const plan = strategy.plan(asked);
  const { steps, stepTimeout, keepOld, smokeTests, gates } = plan;
  const { rolling, bakeTime } = strategy.planned?.(plan, facts) ?? { bakeTime: plan.bakeTime };
  const inWords = smokeTests.map(
    ({ path, status, times }) => `${path} answers ${status}, ${quantity(times, 'time')}`,
  );
  return {
    kind: 'planned',
    ...partOf(strategy),
    ...(rolling && { rolling }),
    steps,
    bakeTime,
    stepTimeout,
    keepOld,
    smokeTests: inWords,
    ...(gates.length > 0 && {
      gates: gates.map((gate) => `at ${gate.percent}%: ${gateInWords(gate)}, within ${inUnits(gate.within)}`),
    }),
  };
}

/** Notes about the plan that depend on the strategy; `null` for none. */
export function remarkEvent(plan: RolloutRequest, facts: ServiceFacts): Notice | null {
  return strategyNamed(facts.strategy).remark(plan, facts);
}

/** The event with the current state of the service. */
export function inspectedEvent({ routing, ...facts }: ServiceFacts): ServiceInspected {
  return {
    kind: 'service-inspected',
    serviceArn: facts.serviceArn,
    taskDefinitionArn: facts.taskDefinitionArn,
    image: null,
    desiredCount: facts.desiredCount,
    runningCount: facts.runningCount,
    traffic:
      routing.kind === 'two-groups'
        ? {
            loadBalancer: routing.loadBalancerArn,
            productionRule: routing.productionRule,
            testRule: routing.testRule,
            targetGroups: routing.targetGroups,
          }
        : null,
    ...(routing.kind === 'one-group' && { targetGroup: routing.group.targetGroupArn }),
  };
}
