import { inUnits } from '../inputs/kinds/duration.ts';
import type { RolloutRequest } from '../inputs/request.ts';
import { gateInWords } from '../ladder/gates.ts';
import type { ServiceFacts } from '../traffic/service-facts.ts';
import type { Happening } from '../trail/event.ts';

/** How the release will travel, as the trail tells it. */
export function plannedOf(rollout: RolloutRequest): Happening {
  const { steps, bakeTime, stepTimeout, keepOld, smokeTests, gates } = rollout;
  const inWords = smokeTests.map(({ path, status, times }) => `${path} answers ${status}, ${times} times`);
  return {
    kind: 'planned',
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

/** What is there, as the trail tells it. */
export function foundOf(facts: ServiceFacts): Happening {
  return {
    kind: 'found',
    serviceArn: facts.serviceArn,
    taskDefinitionArn: facts.taskDefinitionArn,
    image: null,
    desiredCount: facts.desiredCount,
    runningCount: facts.runningCount,
    traffic: {
      loadBalancer: facts.balancer.loadBalancerArn,
      productionRule: facts.balancer.productionRule,
      testRule: facts.balancer.testRule,
      targetGroups: facts.balancer.targetGroups,
    },
  };
}
