import type { Service } from '@aws-sdk/client-ecs';
import {
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  type Rule,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { hasCode } from '../../../aws/errors.ts';
import { groupsOffRule } from '../../traffic/drift.ts';
import { readTestListener } from './test-listener.ts';
import { NO_TEST_LISTENER } from '../../traffic/service-facts.ts';
import type { Inspected, Inspection } from '../strategy.ts';
import { errorText } from '../../../core/failure.ts';

/** Reads the load balancer and checks that the smoke tests can run through its test listener. */
export async function inspectBalancer(service: Service, inspection: Inspection): Promise<Inspected> {
  const { smokeTests, smokeTestUrl } = inspection.rollout;
  const found = await readBalancer(service, inspection);
  const { routing, problems } = found;
  const isTestable = routing?.kind !== 'two-groups' || routing.testUrl !== null;
  if (isTestable || smokeTests.length === 0 || smokeTestUrl !== null) return found;
  const problem = `smoke-test is given, but service ${service.serviceName} has no test listener to run it through: set testListenerRule in the service's advancedConfiguration, or set smoke-test-url.`;
  return { ...found, problems: [...problems, problem] };
}

/**
 * Reads the load balancer that the service's advancedConfiguration names. Every problem includes
 * its fix.
 */
export async function readBalancer(service: Service, inspection: Inspection): Promise<Inspected> {
  const { elb } = inspection;
  const name = `service ${service.serviceName}`;
  const [entry, ...others] = service.loadBalancers ?? [];
  if (!entry?.targetGroupArn) {
    return failed(
      `${name} has a load balancer entry without a target group: ecs-ramp moves production traffic on an Application Load Balancer.`,
    );
  }
  if (others.length > 0) {
    return failed(
      `${name} has ${others.length + 1} load balancer entries; ECS shifts traffic only for services with one.`,
    );
  }
  const advanced = entry.advancedConfiguration;
  if (!advanced?.alternateTargetGroupArn || !advanced.productionListenerRule) {
    return failed(
      `${name} has no advancedConfiguration: give its load balancer entry alternateTargetGroupArn (a second target group), productionListenerRule and roleArn (UpdateService), as docs/setup.md shows. With strategy: rolling, ecs-ramp watches a rolling update of the service as it is, without a canary: see docs/rolling.md.`,
    );
  }
  const { productionListenerRule: production, testListenerRule: test = null } = advanced;
  const targetGroups = [entry.targetGroupArn, advanced.alternateTargetGroupArn] as const;

  const problems: string[] = [];
  const rule = await read(problems, `production listener rule ${production}`, () => ruleOf(elb, production));
  const testRule = test && (await read(problems, `test listener rule ${test}`, () => ruleOf(elb, test)));
  const groups = await read(problems, `target groups ${targetGroups.join(', ')}`, () =>
    groupsOf(elb, targetGroups),
  );
  if (!rule || !groups) return { routing: null, problems, ...(rule && { rule }) };

  problems.push(...groupsOffRule(rule, targetGroups));
  const balancerArn = groups.flatMap((group) => group.LoadBalancerArns ?? [])[0];
  if (!balancerArn) {
    problems.push(
      `Target groups ${targetGroups.join(' and ')} are not attached to a load balancer: add both to the production listener rule.`,
    );
  }
  if (problems.length > 0 || !balancerArn) return { routing: null, problems, rule };

  const dnsName = await read(problems, balancerArn, async () => {
    const answer = await elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [balancerArn] }));
    return answer.LoadBalancers?.[0]?.DNSName ?? '';
  });
  const tested =
    testRule && dnsName
      ? await read(problems, `the listener of ${test}`, () =>
          readTestListener({ rule: testRule, production: rule, dnsName }, inspection),
        )
      : null;
  const sticky = await read(problems, targetGroups[0], () => isSticky(elb, rule, targetGroups[0]));
  if (problems.length > 0) return { routing: null, problems, rule };
  return {
    rule,
    problems: tested?.problems ?? [],
    remarks: tested?.remarks ?? [],
    routing: {
      kind: 'two-groups',
      loadBalancerArn: balancerArn,
      dnsName: dnsName ?? '',
      productionRule: production,
      testRule: test,
      ...(tested?.facts ?? NO_TEST_LISTENER),
      targetGroups,
      sticky: sticky ?? false,
    },
  };
}

async function ruleOf(elb: ElasticLoadBalancingV2Client, arn: string): Promise<Rule | null> {
  return (await elb.send(new DescribeRulesCommand({ RuleArns: [arn] }))).Rules?.[0] ?? null;
}

async function groupsOf(elb: ElasticLoadBalancingV2Client, arns: readonly string[]): Promise<TargetGroup[]> {
  return (await elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [...arns] }))).TargetGroups ?? [];
}

async function isSticky(
  elb: ElasticLoadBalancingV2Client,
  rule: Rule,
  targetGroup: string,
): Promise<boolean> {
  const onRule = rule.Actions?.some((action) => action.ForwardConfig?.TargetGroupStickinessConfig?.Enabled);
  if (onRule) return true;
  const answer = await elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: targetGroup }));
  return (
    answer.Attributes?.some(({ Key, Value }) => Key === 'stickiness.enabled' && Value === 'true') ?? false
  );
}

async function read<T>(problems: string[], on: string, call: () => Promise<T>): Promise<T | null> {
  try {
    const value = await call();
    if (value === null) problems.push(`There is no ${on}.`);
    return value;
  } catch (error) {
    problems.push(
      hasCode(
        error,
        'RuleNotFound',
        'RuleNotFoundException',
        'TargetGroupNotFound',
        'TargetGroupNotFoundException',
        'ListenerNotFoundException',
      )
        ? `There is no ${on}: the service's advancedConfiguration names it. Create it, or correct the service.`
        : errorText(error),
    );
    return null;
  }
}

function failed(problem: string): Inspected {
  return { routing: null, problems: [problem] };
}
