import { expect, test } from '@jest/globals';
import { explained } from '../../../src/aws/explain.ts';
import { UserError } from '../../../src/core/failure.ts';
import { failureInWords, failureKind, mayPass } from '../../../src/aws/errors.ts';

function awsError(name: string, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), {
    name,
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
    ...more,
  });
}

test('a denial names the permission and the fix', () => {
  const denied = awsError(
    'AccessDeniedException',
    'User: arn:x is not authorized to perform: ecs:UpdateService',
  );
  expect(failureInWords(denied, { action: 'ecs:UpdateService', on: 'service web' })).toContain(
    'allow ecs:UpdateService in the policy',
  );
});

test('expired credentials are told apart from a missing permission, by their code', () => {
  expect(
    failureInWords(awsError('ExpiredTokenException', 'AccessDenied?'), {
      action: 'ecs:UpdateService',
      on: 'x',
    }),
  ).toContain('expired');
  expect(
    failureInWords(awsError('CredentialsProviderError', 'no providers'), {
      action: 'ecs:UpdateService',
      on: 'x',
    }),
  ).toContain('id-token: write');
});

test.each([
  [awsError('ThrottlingException', 'Rate exceeded'), true],
  [awsError('ServerException', 'x', { $fault: 'server', $metadata: { httpStatusCode: 500 } }), true],
  [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), true],
  [awsError('InvalidParameterException', 'no'), false],
  [new TypeError('a bug of ours'), false],
])('%s may pass by itself: %s', (error, passes) => {
  expect(mayPass(error)).toBe(passes);
});

test('what AWS says stays on one line', () => {
  const refused = awsError('ClientException', 'first\n::error::second');
  expect(failureInWords(refused, { action: 'ecs:RegisterTaskDefinition', on: 'x' })).not.toContain('\n');
  expect(failureKind(refused)).toBe('refused');
});

test('a failed call is told by its IAM action and by what its input names', () => {
  const denied = awsError('AccessDeniedException', 'no');
  const { message, cause } = explained(denied, 'ecs:DescribeServices', {
    cluster: 'shop',
    services: ['web'],
  });
  expect(message).toMatch(/^AWS denied ecs:DescribeServices on service web: allow ecs:DescribeServices/);
  expect(cause).toBe(denied);
});

test.each([
  [{ cluster: 'shop', services: ['web', 'api'] }, 'cluster shop'],
  [{ resourceArn: 'arn:aws:ecs:eu-west-1:123456789012:service/shop/web', tags: [] }, 'service web'],
  [
    { TargetGroupArns: ['arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/web-blue/0a1b'] },
    'target group web-blue',
  ],
  [{ serviceDeploymentArns: ['arn:a', 'arn:b'] }, 'service deployment arn:a, arn:b'],
  [{ MetricDataQueries: [{ Id: 'a' }] }, 'the metrics'],
  [{}, 'this account'],
])('the input %j is for %s', (input, on) => {
  expect(explained(awsError('AccessDeniedException', 'no'), 'x:Y', input).message).toContain(`x:Y on ${on}:`);
});

test('what is in words already stays as it is', () => {
  const told = new UserError('The role could not be assumed.');
  expect(explained(told, 'ecs:UpdateService', {})).toBe(told);
});
