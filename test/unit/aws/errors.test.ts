import { expect, test } from '@jest/globals';
import { inWords, kindOf, mayPass } from '../../../src/aws/errors.ts';

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
  expect(inWords(denied, 'ecs:UpdateService', 'service web')).toContain(
    'allow ecs:UpdateService in the policy',
  );
});

test('expired credentials are told apart from a missing permission, by their code', () => {
  expect(inWords(awsError('ExpiredTokenException', 'AccessDenied?'), 'ecs:UpdateService', 'x')).toContain(
    'expired',
  );
  expect(inWords(awsError('CredentialsProviderError', 'no providers'), 'ecs:UpdateService', 'x')).toContain(
    'id-token: write',
  );
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
  expect(inWords(refused, 'ecs:RegisterTaskDefinition', 'x')).not.toContain('\n');
  expect(kindOf(refused)).toBe('refused');
});
