import { DescribeServicesCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { DescribeRulesCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, test } from '@jest/globals';
import { createFaults } from '../../../../sandbox/faults/faults.ts';
import { createGuard } from '../../../../sandbox/iam/guard.ts';
import { allows, PolicyMistake, readPolicy, type Wanted } from '../../../../sandbox/iam/policy.ts';
import { wantedBy } from '../../../../sandbox/iam/wanted.ts';
import { createWire, inProcess, knowsOperation } from '../../../../sandbox/wire/wire.ts';
import { createClients } from '../../../../src/aws/clients.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

const policy = (...statements: object[]) =>
  readPolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }));
const allow = (Action: string, Resource: string | string[] = '*', Condition = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  Condition,
});
const WEB = 'arn:aws:ecs:eu-west-1:123456789012:service/shop/web';
const update: Wanted = { action: 'ecs:UpdateService', resource: WEB };

describe('a policy', () => {
  test.each([
    ['the action on the resource', allow('ecs:UpdateService', WEB), true],
    ['an action in another case', allow('ECS:updateservice', WEB), true],
    ['wildcards in both', allow('ecs:Update*', '*:service/sh?p/*'), true],
    ['another resource', allow('ecs:UpdateService', WEB.replace('web', 'web2')), false],
    ['another action', allow('ecs:UpdateServices', WEB), false],
    ['a resource of which it is a part', allow('ecs:UpdateService', 'service/shop/web'), false],
  ])('with %s', (_, statement, expected) => {
    expect(allows(policy(statement), update)).toBe(expected);
  });

  test('denies what any statement denies', () => {
    expect(allows(policy(allow('*'), { ...allow('ecs:UpdateService', WEB), Effect: 'Deny' }), update)).toBe(
      false,
    );
  });

  test('holds under its conditions only, all of them, with any of their values', () => {
    const passing = { action: 'iam:PassRole', resource: 'arn:aws:iam::123456789012:role/task' };
    const statement = allow('iam:PassRole', '*', {
      StringEquals: { 'iam:PassedToService': ['ecs.amazonaws.com', 'ecs-tasks.amazonaws.com'] },
    });
    const to = (service: string) => ({ ...passing, context: { 'iam:PassedToService': service } });
    expect(allows(policy(statement), to('ecs-tasks.amazonaws.com'))).toBe(true);
    expect(allows(policy(statement), to('ec2.amazonaws.com'))).toBe(false);
    expect(allows(policy(statement), passing)).toBe(false);
  });

  test.each([
    ['no JSON', '{', 'not valid JSON'],
    ['an old version', '{"Version":"2008-10-17","Statement":[]}', '"Version": "2012-10-17"'],
    ['no statement', '{"Version":"2012-10-17"}', 'no Statement'],
    [
      'NotAction',
      JSON.stringify({
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', NotAction: '*', Resource: '*' },
      }),
      'Statement 1 has a member NotAction',
    ],
    [
      'a condition that is not known here',
      JSON.stringify({ Version: '2012-10-17', Statement: allow('*', '*', { IpAddress: { a: 'b' } }) }),
      'condition IpAddress',
    ],
    [
      'no resource',
      JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*' } }),
      'The Resource of Statement 1',
    ],
  ])('with %s is a mistake, and never passed over', (_, text, told) => {
    expect(() => readPolicy(text)).toThrow(PolicyMistake);
    expect(() => readPolicy(text)).toThrow(told);
  });
});

const wanted = (service: Parameters<typeof wantedBy>[0]['service'], operation: string, input: object) =>
  wantedBy({ service, operation, input, caller: { account: '123456789012', region: 'eu-west-1' } }).map(
    ({ action, resource }) => `${action} ${resource}`,
  );

describe('a call', () => {
  test('of a service by names is on its ARN', () => {
    expect(wanted('ecs', 'UpdateService', { cluster: 'shop', service: 'web' })).toEqual([
      `ecs:UpdateService ${WEB}`,
    ]);
    expect(wanted('ecs', 'DescribeServices', { services: ['web', WEB] })).toEqual([
      'ecs:DescribeServices arn:aws:ecs:eu-west-1:123456789012:service/default/web',
      `ecs:DescribeServices ${WEB}`,
    ]);
  });

  test('of a service deployment is on the service too', () => {
    const deployment = WEB.replace('service/', 'service-deployment/') + '/abc';
    expect(wanted('ecs', 'StopServiceDeployment', { serviceDeploymentArn: deployment })).toEqual([
      `ecs:StopServiceDeployment ${deployment}`,
      `ecs:StopServiceDeployment ${WEB}`,
    ]);
  });

  test('that registers a task definition tags it and passes its roles on', () => {
    const input = {
      family: 'web',
      tags: [{ key: 'a' }],
      taskRoleArn: 'arn:aws:iam::123456789012:role/task',
      executionRoleArn: 'execution',
    };
    expect(wanted('ecs', 'RegisterTaskDefinition', input)).toEqual([
      'ecs:RegisterTaskDefinition arn:aws:ecs:eu-west-1:123456789012:task-definition/web:*',
      'ecs:TagResource arn:aws:ecs:eu-west-1:123456789012:task-definition/web:*',
      'iam:PassRole arn:aws:iam::123456789012:role/task',
      'iam:PassRole arn:aws:iam::123456789012:role/execution',
    ]);
  });

  test('of the registry is on the repository, but for the login', () => {
    expect(wanted('ecr', 'DescribeImages', { repositoryName: 'shop/web' })).toEqual([
      'ecr:DescribeImages arn:aws:ecr:eu-west-1:123456789012:repository/shop/web',
    ]);
    expect(wanted('ecr', 'GetAuthorizationToken', {})).toEqual(['ecr:GetAuthorizationToken *']);
  });
});

describe('on the wire', () => {
  const clock = createVirtualClock();
  const place = { account: '123456789012', region: 'eu-west-1' };
  const guard = createGuard(policy(allow('ecs:DescribeServices', WEB)), ['OWNER']);
  const wire = createWire({
    services: [
      {
        name: 'ecs',
        operations: { DescribeServices: () => ({ services: [] }), RegisterTaskDefinition: () => ({}) },
      },
      { name: 'elastic-load-balancing-v2', operations: { DescribeRules: () => ({}) } },
    ],
    faults: createFaults(knowsOperation),
    guard,
    clock,
    account: place.account,
    onFailure() {},
  });
  const clientsOf = (accessKeyId: string) =>
    createClients({
      region: place.region,
      version: 'test',
      overrides: {
        endpoint: 'http://sandbox',
        credentials: { accessKeyId, secretAccessKey: 'secret' },
        requestHandler: inProcess(wire),
      },
    });
  const because = 'because no identity-based policy allows the';

  test('what is missing is told in AWS’s words, in each protocol', async () => {
    const clients = clientsOf('SOMEBODY');
    const register = new RegisterTaskDefinitionCommand({ family: 'web', containerDefinitions: [] });
    await expect((await clients.ecs()).send(register)).rejects.toHaveProperty(
      'cause',
      expect.objectContaining({
        name: 'AccessDeniedException',
        message: `User: arn:aws:sts::123456789012:assumed-role/sandbox/session is not authorized to perform: ecs:RegisterTaskDefinition on resource: arn:aws:ecs:eu-west-1:123456789012:task-definition/web:* ${because} ecs:RegisterTaskDefinition action`,
      }),
    );
    const elb = await clients.elasticLoadBalancing();
    await expect(elb.send(new DescribeRulesCommand({ RuleArns: ['arn:rule'] }))).rejects.toMatchObject({
      cause: {
        name: 'AccessDenied',
        message: expect.stringContaining('elasticloadbalancing:DescribeRules on resource: * because'),
        $metadata: { httpStatusCode: 403 },
      },
    });
  });

  test('what is allowed is answered, and its owner may do everything', async () => {
    const describeWeb = new DescribeServicesCommand({ cluster: 'shop', services: ['web'] });
    for (const key of ['SOMEBODY', 'OWNER']) {
      await expect((await clientsOf(key).ecs()).send(describeWeb)).resolves.toMatchObject({ services: [] });
    }
    const elb = await clientsOf('OWNER').elasticLoadBalancing();
    await expect(elb.send(new DescribeRulesCommand({ RuleArns: ['arn:rule'] }))).resolves.toBeDefined();
  });
});
