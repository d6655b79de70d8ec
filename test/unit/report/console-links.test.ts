import { describe, expect, test } from '@jest/globals';
import * as consoleLinks from '../../../src/report/console-links.ts';
import { ARNS, IMAGE } from './trails/telling.ts';

test.each([
  ['aws', 'eu-west-1', 'https://eu-west-1.console.aws.amazon.com/'],
  ['aws-cn', 'cn-north-1', 'https://cn-north-1.console.amazonaws.cn/'],
  ['aws-us-gov', 'us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
])('partition %s has its own console', (partition, region, console) => {
  const arn = `arn:${partition}:ecs:${region}:123456789012:task-definition/web:42`;
  expect(consoleLinks.taskDefinitionUrl(arn)).toBe(
    `${console}ecs/v2/task-definitions/web/42/containers?region=${region}`,
  );
});

test('a partition whose console is not known has no links', () => {
  expect(
    consoleLinks.taskDefinitionUrl('arn:aws-iso:ecs:us-iso-east-1:123456789012:task-definition/web:42'),
  ).toBeNull();
});

test('services and deployments', () => {
  const service = 'https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/shop/services/web';
  expect(consoleLinks.serviceUrl(ARNS.service)).toBe(`${service}/health?region=eu-west-1`);
  expect(consoleLinks.serviceDeploymentsUrl(ARNS.deployment)).toBe(`${service}/deployments?region=eu-west-1`);
  expect(consoleLinks.serviceDeploymentsUrl(ARNS.service)).toBe(`${service}/deployments?region=eu-west-1`);
});

test('target groups, listener rules and default rules', () => {
  const home = 'https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#';
  const listener = ARNS.rule.replace('listener-rule/', 'listener/').replace(/\/[^/]+$/u, '');
  expect(consoleLinks.targetGroupUrl(ARNS.blue)).toBe(`${home}TargetGroup:targetGroupArn=${ARNS.blue}`);
  expect(consoleLinks.listenerRuleUrl(ARNS.rule)).toBe(`${home}ListenerRuleDetails:ruleArn=${ARNS.rule}`);
  expect(consoleLinks.listenerRuleUrl(listener)).toBe(`${home}ELBListenerV2:listenerArn=${listener}`);
});

test('a log stream, encoded as the console decodes it', () => {
  expect(consoleLinks.logsUrl({ region: 'eu-west-1', group: '/ecs/web', stream: 'web/[1]' })).toBe(
    'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Fecs$252Fweb/log-events/web$252F$255B1$255D',
  );
});

describe('an image', () => {
  test('in ECR has a page, by its digest', () => {
    expect(consoleLinks.imageUrl(IMAGE)).toMatch(
      /^https:\/\/eu-west-1\.console\.aws\.amazon\.com\/ecr\/repositories\/private\/123456789012\/shop\/web\/_\/image\/sha256:[0-9a-f]{64}\/details\?region=eu-west-1$/u,
    );
  });

  test.each([
    ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1.console.amazonaws-us-gov.com'],
    ['123456789012.dkr-ecr.eu-west-1.on.aws', 'eu-west-1.console.aws.amazon.com'],
    ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', 'cn-north-1.console.amazonaws.cn'],
    ['123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn', 'cn-north-1.console.amazonaws.cn'],
  ])('in ECR at %s has the page of its partition', (host, console) => {
    const page = `https://${console}/ecr/repositories/private/123456789012/shop/web/_/image/sha256:00/details`;
    expect(consoleLinks.imageUrl(`${host}/shop/web@sha256:00`)).toContain(page);
  });

  test('elsewhere has no page', () => {
    expect(consoleLinks.imageUrl('registry.example.com/shop/web@sha256:00')).toBeNull();
  });
});

test('an invalid ARN has no page', () => {
  for (const urlOf of [
    consoleLinks.serviceUrl,
    consoleLinks.serviceDeploymentsUrl,
    consoleLinks.taskUrl,
    consoleLinks.taskDefinitionUrl,
    consoleLinks.targetGroupUrl,
    consoleLinks.listenerRuleUrl,
    consoleLinks.imageUrl,
  ])
    expect(urlOf('web')).toBeNull();
});
