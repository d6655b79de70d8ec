import { expect, test } from '@jest/globals';
import { blocksOf } from '../../../script/page-blocks.ts';
import { WHOLE_POLICY } from '../../../script/permissions.ts';
import { NEEDS } from '../../../src/commands/policy/needs.ts';
import { read, source } from './pages.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const page = read('docs/permissions.md');
const [policy, trust] = blocksOf(page, 'json').map((json): { readonly Statement: readonly Statement[] } =>
  JSON.parse(json),
);
const statements = policy!.Statement;
const allowed = WHOLE_POLICY.Statement.flatMap(({ Action }) => Action);

/** The IAM prefix of the actions of each client. */
const PREFIXES: Readonly<Record<string, string>> = {
  acm: 'acm',
  'application-auto-scaling': 'application-autoscaling',
  'auto-scaling': 'autoscaling',
  cloudwatch: 'cloudwatch',
  'cloudwatch-logs': 'logs',
  ec2: 'ec2',
  'service-quotas': 'servicequotas',
  ecr: 'ecr',
  ecs: 'ecs',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  sts: 'sts',
};

/** Allowed for everybody without a policy. */
const FREE = new Set(['sts:GetCallerIdentity']);

/** The IAM actions of all commands of AWS clients that the source imports. */
function called(): ReadonlySet<string> {
  const actions = new Set<string>();
  for (const text of source()) {
    const imports = text.matchAll(/\{([^{}]*)\}\s*from\s*'@aws-sdk\/client-([\w-]+)'/g);
    for (const [, names, client] of imports) {
      for (const [, operation] of names!.matchAll(/(?<!type )\b(\w+)Command\b/g)) {
        expect(PREFIXES).toHaveProperty([client!]);
        const action = `${PREFIXES[client!]}:${operation}`;
        if (!FREE.has(action)) actions.add(action);
      }
    }
  }
  return actions;
}

/** Actions that AWS services call on behalf of ecs-ramp, as the table explains. */
const explained = NEEDS.flatMap(({ action, because }) => (because === undefined ? [] : action));

test('the policy allows every call of the source, and no other actions without an explanation', () => {
  expect(called().size).toBeGreaterThan(20);
  expect([...new Set(allowed)].sort()).toEqual([...new Set([...called(), ...explained])].sort());
});

test('every action is allowed once, on its type of resource', () => {
  const places = NEEDS.flatMap(({ action, statement, uses, where }) =>
    uses.map((use) => `${action} ${statement} ${use} ${where === undefined ? '' : String(where)}`),
  );
  expect(new Set(places).size).toBe(places.length);
});

test('every permission in a message is in the policy', () => {
  const asked = source().flatMap((text) =>
    [...text.matchAll(/\b(?:cloudwatch|ecr|ecs|elasticloadbalancing|iam|logs):[A-Z]\w+/g)].map(
      ([action]) => action,
    ),
  );
  expect(asked.length).toBeGreaterThan(20);
  const conditionKeys = statements.flatMap(({ Condition = {} }) =>
    Object.values(Condition).flatMap(Object.keys),
  );
  expect([...allowed, ...conditionKeys]).toEqual(expect.arrayContaining(asked));
});

test('only actions without resource types are allowed on all resources', () => {
  const wide = statements
    .filter(({ Resource }) => Resource === '*')
    .flatMap(({ Action, Condition }) => (Condition ? [] : Action));
  const narrowable = wide.filter((action) => !action.startsWith('elasticloadbalancing:Describe'));
  expect(narrowable.sort()).toEqual([
    'application-autoscaling:DescribeScalingPolicies',
    'autoscaling:DescribeAutoScalingGroups',
    'cloudwatch:DescribeAlarms',
    'cloudwatch:GetMetricData',
    'ec2:DescribeInstanceTypes',
    'ec2:DescribeSubnets',
    'ecr:DescribePullThroughCacheRules',
    'ecr:DescribeRepositoryCreationTemplates',
    'ecr:GetAuthorizationToken',
    'ecs:DescribeCapacityProviders',
    'ecs:DescribeTaskDefinition',
    'ecs:ListClusters',
    'servicequotas:GetServiceQuota',
  ]);
});

test('roles are passed only to ECS, each to its own service principal', () => {
  const passing = statements.filter(({ Action }) => Action === 'iam:PassRole');
  const receivers = passing.map(({ Condition }) => Condition?.['StringEquals']?.['iam:PassedToService']);
  expect(new Set(receivers)).toEqual(new Set(['ecs-tasks.amazonaws.com', 'ecs.amazonaws.com']));
  for (const { Resource } of passing) expect([Resource].flat()).not.toContain('*');
});

test('the trust policy requires the audience of AWS and a branch or environment of one repository', () => {
  const { Condition, Action } = trust!.Statement[0]!;
  expect(Action).toBe('sts:AssumeRoleWithWebIdentity');
  expect(Condition).toEqual({
    StringEquals: {
      'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
      'token.actions.githubusercontent.com:sub': [
        'repo:OWNER/NAME:ref:refs/heads/main',
        'repo:OWNER/NAME:environment:production',
      ],
    },
  });
});
