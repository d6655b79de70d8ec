import { inUnits } from '../inputs/kinds/duration.ts';
import type { RolloutRequest } from '../inputs/request.ts';
import { gateInWords } from '../ladder/gates.ts';
import { sideBySide } from '../ladder/side-by-side.ts';
import type { ServiceFacts } from '../traffic/service-facts.ts';
import type { Happening } from '../trail/event.ts';

/** How the release will travel, as the trail tells it. */
export function plannedOf(asked: RolloutRequest, { balancer }: Pick<ServiceFacts, 'balancer'>): Happening {
  const plan = balancer === null ? sideBySide(asked) : asked;
  const { steps, bakeTime, stepTimeout, keepOld, smokeTests, gates } = plan;
  const inWords = smokeTests.map(({ path, status, times }) => `${path} answers ${status}, ${times} times`);
  return {
    kind: 'planned',
    ...(balancer === null && { of: 'work' as const }),
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

/** What of the plan a worker cannot have, and what it is judged by; null: nothing is to be said. */
export function remarkOf(
  { steps, metrics }: RolloutRequest,
  { name, balancer }: Pick<ServiceFacts, 'name' | 'balancer'>,
): Happening | null {
  if (balancer !== null) return null;
  const share =
    steps.length === 1
      ? 'its old tasks give way to the new ones without a canary, as steps says'
      : 'half of its tasks are new ones at the only step, whatever steps says, and the old ones go after it, whatever keep-old says';
  const told = `Service ${name} has no load balancer: ${share}.`;
  if (steps.length === 1 || metrics.some(({ kind }) => kind === 'counts')) {
    return { kind: 'noticed', level: 'notice', message: told };
  }
  const seen =
    metrics.length === 0
      ? 'It has no metrics of its own: only crashes, failing health checks and alarms can stop a bad version.'
      : 'None of its metrics counts what fails: only crashes, failing health checks, alarms and a reading over its limit can stop a bad version.';
  return { kind: 'noticed', level: 'warning', message: `${told} ${seen}` };
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
    traffic: facts.balancer && {
      loadBalancer: facts.balancer.loadBalancerArn,
      productionRule: facts.balancer.productionRule,
      testRule: facts.balancer.testRule,
      targetGroups: facts.balancer.targetGroups,
    },
  };
}
