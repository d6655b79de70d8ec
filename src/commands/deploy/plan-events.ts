import { inUnits } from '../../core/time/duration.ts';
import type { RolloutRequest } from '../../core/request.ts';
import { gateInWords } from '../../core/plan/gates.ts';
import { planFor } from '../../core/plan/plan-for.ts';
import { lastBake } from '../../core/plan/rolling.ts';
import { partOf } from '../../rollout/strategies/words.ts';
import { splitOf, type RollingFacts, type ServiceFacts } from '../../rollout/traffic/service-facts.ts';
import type { Happening } from '../../core/trail/event.ts';

/** How the release will travel, as the trail tells it. */
export function plannedOf(
  asked: RolloutRequest,
  facts: Pick<ServiceFacts, 'balancer' | 'rolling'>,
): Happening {
  const split = splitOf(facts);
  const plan = planFor(split, asked);
  const { steps, stepTimeout, keepOld, smokeTests, gates } = plan;
  const bakeTime = facts.rolling === null ? plan.bakeTime : lastBake(plan);
  const inWords = smokeTests.map(({ path, status, times }) => `${path} answers ${status}, ${times} times`);
  return {
    kind: 'planned',
    ...partOf({ split }),
    ...(facts.rolling && { rolling: percentagesOf(facts.rolling) }),
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

function percentagesOf({ minimumHealthyPercent, maximumPercent }: RollingFacts) {
  return { minimumHealthyPercent, maximumPercent };
}

/** What of the plan the service cannot have, and what it is judged by; null: nothing is to be said. */
export function remarkOf(
  plan: RolloutRequest,
  facts: Pick<ServiceFacts, 'name' | 'balancer' | 'rolling'>,
): Happening | null {
  if (facts.rolling !== null) return rollingRemark(plan, facts.name, facts.rolling);
  return facts.balancer === null ? workerRemark(plan, facts.name) : null;
}

/** There is no canary in it, and nobody should think so. */
function rollingRemark({ metrics }: RolloutRequest, name: string, { group }: RollingFacts): Happening {
  const counts = metrics.filter(({ kind }) => kind === 'counts').map((metric) => metric.name);
  const whose =
    group === null
      ? 'nobody sends it requests'
      : 'both versions are in one target group, and nothing tells whose a request was';
  const compared =
    counts.length > 0
      ? `Compared by version: ${counts.join(', ')}.`
      : 'The versions are not compared, since no metrics of its own tell them apart.';
  const held =
    group === null
      ? ''
      : ' Of the target group as a whole, more than max-error-rate of the requests may not fail.';
  const message = `Service ${name} is updated by ECS in batches, without a canary: ${whose}. ${compared}${held} Crashes, health checks and alarms count too.`;
  return { kind: 'noticed', level: counts.length > 0 ? 'notice' : 'warning', message };
}

function workerRemark({ steps, metrics }: RolloutRequest, name: string): Happening {
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
    ...(facts.rolling?.group && { targetGroup: facts.rolling.group.targetGroupArn }),
  };
}
