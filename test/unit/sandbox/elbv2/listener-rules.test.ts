import { describe, expect, test } from '@jest/globals';
import { blueGreen, elbv2, refusal, weighted } from './support.ts';

const path = (...values: string[]) => [{ Field: 'path-pattern', Values: values }];

describe('the resources', () => {
  test('have the ARNs that AWS gives them, so CloudWatch dimensions can be cut from them', async () => {
    const { loadBalancerArn, blue, listenerArn, defaultRuleArn } = await blueGreen();
    const arn = String.raw`^arn:aws:elasticloadbalancing:eu-central-1:123456789012:`;
    expect(loadBalancerArn).toMatch(new RegExp(`${arn}loadbalancer/app/shop/[0-9a-f]{16}$`));
    expect(blue).toMatch(new RegExp(`${arn}targetgroup/blue/[0-9a-f]{16}$`));
    expect(listenerArn).toMatch(new RegExp(`${arn}listener/app/shop/[0-9a-f]{16}/[0-9a-f]{16}$`));
    expect(defaultRuleArn).toMatch(
      new RegExp(`${arn}listener-rule/app/shop/([0-9a-f]{16}/){2}[0-9a-f]{16}$`),
    );
  });

  test('have the same ARNs in every run, as a simulation needs', async () => {
    expect((await blueGreen()).defaultRuleArn).toBe((await blueGreen()).defaultRuleArn);
  });

  test('are created twice only if nothing differs', async () => {
    const { call, createLoadBalancer, createTargetGroup, loadBalancerArn, blue } = await blueGreen();
    expect(await createLoadBalancer()).toBe(loadBalancerArn);
    expect(await createTargetGroup('blue')).toBe(blue);
    await expect(createTargetGroup('blue', { Port: 9090 })).rejects.toEqual(
      refusal('DuplicateTargetGroupName'),
    );
    await expect(
      call('CreateLoadBalancer', { Name: 'shop', Subnets: ['subnet-a', 'subnet-c'] }),
    ).rejects.toEqual(refusal('DuplicateLoadBalancerName'));
  });

  test('a target group in use cannot be deleted; after its rule is gone it can', async () => {
    const { call, blue, listenerArn } = await blueGreen();
    await expect(call('DeleteTargetGroup', { TargetGroupArn: blue })).rejects.toEqual(
      refusal('ResourceInUse', 'currently in use by a listener or a rule'),
    );
    await call('DeleteListener', { ListenerArn: listenerArn });
    await call('DeleteTargetGroup', { TargetGroupArn: blue });
    await expect(call('DescribeTargetGroups', { TargetGroupArns: [blue] })).rejects.toEqual(
      refusal('TargetGroupNotFound'),
    );
  });

  test('deleting a load balancer closes its listeners and frees its target groups', async () => {
    const { call, plane, loadBalancerArn, listenerArn, blue } = await blueGreen();
    expect(plane.listeners.map(({ port }) => port)).toEqual([80]);
    await call('DeleteLoadBalancer', { LoadBalancerArn: loadBalancerArn });
    expect(plane.listeners).toEqual([]);
    await expect(call('DescribeListeners', { ListenerArns: [listenerArn] })).rejects.toEqual(
      refusal('ListenerNotFound'),
    );
    await call('DeleteTargetGroup', { TargetGroupArn: blue });
  });

  test('deletion protection protects', async () => {
    const { call, loadBalancerArn } = await blueGreen();
    const Attributes = [{ Key: 'deletion_protection.enabled', Value: 'true' }];
    await call('ModifyLoadBalancerAttributes', { LoadBalancerArn: loadBalancerArn, Attributes });
    await expect(call('DeleteLoadBalancer', { LoadBalancerArn: loadBalancerArn })).rejects.toEqual(
      refusal('OperationNotPermitted'),
    );
  });

  test('carry tags', async () => {
    const { call, blue, defaultRuleArn } = await blueGreen();
    const ResourceArns = [blue, defaultRuleArn];
    await call('AddTags', {
      ResourceArns,
      Tags: [
        { Key: 'team', Value: 'shop' },
        { Key: 'old', Value: '1' },
      ],
    });
    await call('RemoveTags', { ResourceArns, TagKeys: ['old'] });
    expect(await call('DescribeTags', { ResourceArns: [defaultRuleArn] })).toEqual({
      TagDescriptions: [{ ResourceArn: defaultRuleArn, Tags: [{ Key: 'team', Value: 'shop' }] }],
    });
    await expect(call('DescribeTags', { ResourceArns: [`${blue}x`] })).rejects.toEqual(
      refusal('TargetGroupNotFound'),
    );
  });

  test('come in pages', async () => {
    const { call, createTargetGroup } = elbv2();
    for (const name of ['a', 'b', 'c']) await createTargetGroup(name);
    const first = await call('DescribeTargetGroups', { PageSize: 2 });
    const second = await call('DescribeTargetGroups', { PageSize: 2, Marker: first.NextMarker });
    const names = [first, second].map(({ TargetGroups }) =>
      TargetGroups.map(({ TargetGroupName }: { TargetGroupName: string }) => TargetGroupName),
    );
    expect(names).toEqual([['a', 'b'], ['c']]);
    expect(second.NextMarker).toBeUndefined();
  });
});

describe('a listener', () => {
  test('is refused on a port that has one, also of another load balancer, because they share the machine', async () => {
    const { createListener, createLoadBalancer, loadBalancerArn, blue } = await blueGreen();
    const forward = [{ Type: 'forward', TargetGroupArn: blue }];
    await expect(createListener(loadBalancerArn, 80, forward)).rejects.toEqual(refusal('DuplicateListener'));
    const other = await createLoadBalancer('other');
    const answer = [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }];
    await expect(createListener(other, 80, answer)).rejects.toEqual(
      refusal('DuplicateListener', 'choose another'),
    );
  });

  test('is refused when the port cannot be opened, and leaves nothing behind', async () => {
    const { call, plane, createListener, loadBalancerArn, blue } = await blueGreen();
    plane.takenPorts.add(81);
    await expect(
      createListener(loadBalancerArn, 81, [{ Type: 'forward', TargetGroupArn: blue }]),
    ).rejects.toEqual(refusal('InvalidConfigurationRequest', 'Port 81 of this machine cannot be opened'));
    const { Listeners } = await call('DescribeListeners', { LoadBalancerArn: loadBalancerArn });
    expect(Listeners).toHaveLength(1);
    expect(plane.listeners.map(({ port }) => port)).toEqual([80]);
  });

  test('keeps its port when the new one cannot be opened', async () => {
    const { call, plane, listenerArn } = await blueGreen();
    plane.takenPorts.add(81);
    await expect(call('ModifyListener', { ListenerArn: listenerArn, Port: 81 })).rejects.toEqual(
      refusal('InvalidConfigurationRequest'),
    );
    await call('ModifyListener', { ListenerArn: listenerArn, Port: 82 });
    expect(plane.listeners.map(({ port }) => port)).toEqual([82]);
  });

  test('changes its default rule, and only ModifyListener does', async () => {
    const { call, weightsOn, rulesOf, listenerArn, blue, green, defaultRuleArn } = await blueGreen();
    const actions = [weighted({ [blue]: 90, [green]: 10 })];
    await expect(call('ModifyRule', { RuleArn: defaultRuleArn, Actions: actions })).rejects.toEqual(
      refusal('OperationNotPermitted'),
    );
    await expect(call('DeleteRule', { RuleArn: defaultRuleArn })).rejects.toEqual(
      refusal('OperationNotPermitted'),
    );
    await call('ModifyListener', { ListenerArn: listenerArn, DefaultActions: actions });
    expect(weightsOn(80)).toEqual([90, 10]);
    expect(await rulesOf(listenerArn)).toMatchObject([
      { RuleArn: defaultRuleArn, Priority: 'default', IsDefault: true },
    ]);
  });
});

describe('a rule', () => {
  test('is told to the data plane in order of priority, the default rule last', async () => {
    const { call, plane, listenerArn, blue } = await blueGreen();
    const Actions = [{ Type: 'forward', TargetGroupArn: blue }];
    await call('CreateRule', { ListenerArn: listenerArn, Priority: 20, Conditions: path('/b*'), Actions });
    const { Rules } = await call('CreateRule', {
      ListenerArn: listenerArn,
      Priority: 10,
      Conditions: path('/a*'),
      Actions,
    });
    const paths = () =>
      plane.listeners[0]!.rules.map(({ conditions }) => conditions[0]?.values[0]?.value ?? 'default');
    expect(paths()).toEqual(['/a*', '/b*', 'default']);
    await call('SetRulePriorities', { RulePriorities: [{ RuleArn: Rules[0].RuleArn, Priority: 30 }] });
    expect(paths()).toEqual(['/b*', '/a*', 'default']);
  });

  test('gets new actions whole: what is not sent again is gone', async () => {
    const { call, rulesOf, listenerArn, blue, green } = await blueGreen();
    const { Rules } = await call('CreateRule', {
      ListenerArn: listenerArn,
      Priority: 1,
      Conditions: path('/'),
      Actions: [
        {
          Type: 'authenticate-cognito',
          Order: 1,
          AuthenticateCognitoConfig: { UserPoolArn: 'a', UserPoolClientId: 'b', UserPoolDomain: 'c' },
        },
        { ...weighted({ [blue]: 1, [green]: 1 }, 60), Order: 2 },
      ],
    });
    const RuleArn = Rules[0].RuleArn;
    await call('ModifyRule', { RuleArn, Actions: [{ Type: 'forward', TargetGroupArn: green }] });
    const [rule] = await rulesOf(listenerArn);
    expect(rule!.Conditions).toEqual([
      { Field: 'path-pattern', Values: ['/'], PathPatternConfig: { Values: ['/'] } },
    ]);
    expect(rule!.Actions).toEqual([
      {
        Type: 'forward',
        TargetGroupArn: green,
        ForwardConfig: {
          TargetGroups: [{ TargetGroupArn: green, Weight: 1 }],
          TargetGroupStickinessConfig: { Enabled: false },
        },
      },
    ]);
  });

  test('changes in the data plane only after the propagation, and at once in its description', async () => {
    const { call, clock, weightsOn, rulesOf, listenerArn, blue, green } = await blueGreen({
      propagation: 3_000,
    });
    await call('ModifyListener', {
      ListenerArn: listenerArn,
      DefaultActions: [weighted({ [blue]: 1, [green]: 2 })],
    });
    const [rule] = await rulesOf(listenerArn);
    expect(rule!.Actions![0]!.ForwardConfig!.TargetGroups!.map(({ Weight }) => Weight)).toEqual([1, 2]);
    await clock.advance(2_999);
    expect(weightsOn(80)).toEqual([100, 0]);
    await clock.advance(1);
    expect(weightsOn(80)).toEqual([1, 2]);
  });

  test('with redirect or fixed-response', async () => {
    const { call, plane, listenerArn } = await blueGreen();
    const create = (Priority: number, action: object) =>
      call('CreateRule', {
        ListenerArn: listenerArn,
        Priority,
        Conditions: path(`/${Priority}`),
        Actions: [action],
      });
    await create(1, { Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301', Path: '/new/#{path}' } });
    await create(2, {
      Type: 'fixed-response',
      FixedResponseConfig: { StatusCode: '404', MessageBody: 'gone' },
    });
    expect(plane.listeners[0]!.rules.map(({ action }) => action).slice(0, 2)).toEqual([
      { kind: 'redirect', status: 301, location: '#{protocol}://#{host}:#{port}/new/#{path}?#{query}' },
      { kind: 'fixed-response', status: 404, contentType: 'text/plain', body: 'gone' },
    ]);
    await expect(create(3, { Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301' } })).rejects.toEqual(
      refusal('InvalidLoadBalancerAction', 'loop'),
    );
  });

  test.each([
    ['a priority that is taken', { Priority: 5 }, 'PriorityInUse', "Priority '5' is currently in use"],
    ['a priority of 0', { Priority: 0 }, 'ValidationError', "'priority' must be"],
    ['no conditions', { Conditions: [] }, 'ValidationError', "'conditions'"],
    ['a field that does not exist', { Conditions: [{ Field: 'moon' }] }, 'ValidationError', "'moon'"],
    ['no action', { Actions: [] }, 'ValidationError', "'actions'"],
    ['an unknown target group', { Actions: [weighted({ nowhere: 1 })] }, 'TargetGroupNotFound', 'not found'],
  ])('with %s is refused', async (_, change, code, message) => {
    const { call, listenerArn, green } = await blueGreen();
    const Actions = [{ Type: 'forward', TargetGroupArn: green }];
    const rule = { ListenerArn: listenerArn, Priority: 5, Conditions: path('/'), Actions };
    await call('CreateRule', rule);
    await expect(call('CreateRule', { ...rule, Priority: 6, ...change })).rejects.toEqual(
      refusal(code, message),
    );
  });

  type Actions = (groups: readonly string[]) => object[];
  test.each<[string, Actions, string, string]>([
    ['a weight of 1000', ([a]) => [weighted({ [a!]: 1_000 })], 'ValidationError', 'from 0 to 999'],
    ['a weight of 0.5', ([a]) => [weighted({ [a!]: 0.5 })], 'ValidationError', 'whole number'],
    [
      'six groups',
      (six) => [weighted(Object.fromEntries(six.map((a) => [a, 1])))],
      'ValidationError',
      "at most '5'",
    ],
    ['endless stickiness', ([a]) => [weighted({ [a!]: 1 }, 0)], 'ValidationError', 'durationSeconds'],
    [
      'two forwards',
      ([a]) => [weighted({ [a!]: 1 }), weighted({ [a!]: 1 })],
      'InvalidLoadBalancerAction',
      'only one of them',
    ],
  ])('with %s is refused', async (_, actions, code, message) => {
    const { createTargetGroup, createListener, loadBalancerArn } = await blueGreen();
    const groups: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) groups.push(await createTargetGroup(name));
    await expect(createListener(loadBalancerArn, 81, actions(groups))).rejects.toEqual(
      refusal(code, message),
    );
  });

  test('cannot forward to a target group of another load balancer', async () => {
    const { createLoadBalancer, createListener, blue } = await blueGreen();
    const other = await createLoadBalancer('other');
    await expect(createListener(other, 81, [{ Type: 'forward', TargetGroupArn: blue }])).rejects.toEqual(
      refusal('TargetGroupAssociationLimit', blue),
    );
  });

  test('that does not exist is not found', async () => {
    const { call, defaultRuleArn } = await blueGreen();
    const missing = `${defaultRuleArn.slice(0, -1)}x`;
    for (const [operation, input] of [
      ['ModifyRule', { RuleArn: missing }],
      ['DeleteRule', { RuleArn: missing }],
      ['DescribeRules', { RuleArns: [missing] }],
      ['SetRulePriorities', { RulePriorities: [{ RuleArn: missing, Priority: 1 }] }],
    ] as const) {
      await expect(call(operation, input)).rejects.toEqual(refusal('RuleNotFound'));
    }
  });
});

describe('what ECS does to a rule', () => {
  test('it sets weights, of default rules too, and leaves the rest as it is', async () => {
    const { call, clock, loadBalancing, rulesOf, weightsOn, listenerArn, defaultRuleArn, blue, green } =
      await blueGreen();
    const DefaultActions = [weighted({ [blue]: 100, [green]: 0 }, 60)];
    await call('ModifyListener', { ListenerArn: listenerArn, DefaultActions });
    loadBalancing.setWeights(
      defaultRuleArn,
      new Map([
        [blue, 70],
        [green, 30],
      ]),
    );
    await clock.advance(0);
    expect(weightsOn(80)).toEqual([70, 30]);
    expect(loadBalancing.rule(defaultRuleArn)!.targetGroups).toEqual([
      { targetGroupArn: blue, weight: 70 },
      { targetGroupArn: green, weight: 30 },
    ]);
    const [rule] = await rulesOf(listenerArn);
    expect(rule!.Actions![0]!.ForwardConfig!.TargetGroupStickinessConfig).toEqual({
      Enabled: true,
      DurationSeconds: 60,
    });
  });

  test('it is refused for a rule or a target group that is not there', async () => {
    const { loadBalancing, createTargetGroup, defaultRuleArn, blue } = await blueGreen();
    const other = await createTargetGroup('other');
    expect(() => loadBalancing.setWeights(`${defaultRuleArn}x`, new Map())).toThrow(refusal('RuleNotFound'));
    expect(() => loadBalancing.setWeights(defaultRuleArn, new Map([[other, 1]]))).toThrow(
      refusal('ValidationError', 'not in the forward action'),
    );
    expect(loadBalancing.rule(`${defaultRuleArn}x`)).toBeNull();
    expect(loadBalancing.targetGroup(`${blue}x`)).toBeNull();
  });
});

describe('a target group', () => {
  test.each([
    [{ HealthCheckIntervalSeconds: 4 }, 'from 5 to 300'],
    [
      { HealthCheckIntervalSeconds: 5, HealthCheckTimeoutSeconds: 5 },
      "timeout '5' must be smaller than the interval '5'",
    ],
    [{ Matcher: { HttpCode: '600' } }, 'matcher'],
    [{ HealthCheckPath: 'health' }, "must begin with a '/'"],
    [{ UnhealthyThresholdCount: 1 }, 'from 2 to 10'],
    [{ Name: 'a name' }, 'alphanumeric'],
    [{ Name: 'x'.repeat(33) }, "longer than '32'"],
    [{ VpcId: undefined }, 'VPC ID'],
    [{ TargetType: 'lambda' }, "'lambda'"],
  ])('with %j is refused', async (change, message) => {
    const { createTargetGroup } = elbv2();
    await expect(createTargetGroup('good', change)).rejects.toEqual(refusal('ValidationError', message));
  });

  test('has attributes, and refuses those that do not exist or do not fit', async () => {
    const { call, loadBalancing, blue } = await blueGreen();
    const modify = (Key: string, Value: string) =>
      call('ModifyTargetGroupAttributes', { TargetGroupArn: blue, Attributes: [{ Key, Value }] });
    await modify('deregistration_delay.timeout_seconds', '7');
    expect(loadBalancing.targetGroup(blue)).toMatchObject({ deregistrationDelay: 7_000, targetType: 'ip' });
    await expect(modify('deregistration_delay.timeout_seconds', '3601')).rejects.toEqual(
      refusal('ValidationError', '3600'),
    );
    await expect(modify('stickiness.enabled', 'yes')).rejects.toEqual(
      refusal('ValidationError', "'true' or 'false'"),
    );
    await expect(modify('deregistration_dalay', '7')).rejects.toEqual(
      refusal('ValidationError', 'not recognized'),
    );
  });
});
