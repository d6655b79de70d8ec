import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from '@jest/globals';
import { createFaults } from '../../../../sandbox/faults/faults.ts';
import { createSts } from '../../../../sandbox/sts/sts.ts';
import { createWire, inProcess, knowsOperation } from '../../../../sandbox/wire/wire.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

const ROLE = 'arn:aws-cn:iam::222222222222:role/teams/releaser';

function sts() {
  const clock = createVirtualClock();
  const wire = createWire({
    services: [createSts({ clock }).service],
    faults: createFaults(knowsOperation),
    clock,
    account: '123456789012',
    onFailure: (error) => {
      throw error;
    },
  });
  const client = (keys: { accessKeyId: string; secretAccessKey: string }) =>
    new STSClient({
      region: 'eu-west-1',
      endpoint: 'http://sandbox',
      credentials: keys,
      requestHandler: inProcess(wire),
      maxAttempts: 1,
    });
  const user = client({ accessKeyId: 'AKIATEST', secretAccessKey: 'secret' });
  const assume = (RoleSessionName: string) =>
    user.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName }));
  return { client, assume };
}

test('the keys of a session are of the assumed role, in its account and partition', async () => {
  const { client, assume } = sts();
  const { Credentials, AssumedRoleUser } = await assume('release-7');
  const session = client({
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
  });
  const { Account, Arn, UserId } = await session.send(new GetCallerIdentityCommand({}));
  expect({ Account, Arn, UserId }).toEqual({
    Account: '222222222222',
    Arn: 'arn:aws-cn:sts::222222222222:assumed-role/releaser/release-7',
    UserId: expect.stringMatching(/^AROA\w+:release-7$/),
  });
  expect(AssumedRoleUser).toEqual({ Arn, AssumedRoleId: UserId });
});

test.each([
  ['x', 'Member must have length greater than or equal to 2'],
  ['x'.repeat(65), 'Member must have length less than or equal to 64'],
  ['release 7', String.raw`Member must satisfy regular expression pattern: [\w+=,.@-]*`],
])('a session cannot be named %j', async (name, constraint) => {
  await expect(sts().assume(name)).rejects.toMatchObject({
    name: 'ValidationError',
    message: `1 validation error detected: Value '${name}' at 'roleSessionName' failed to satisfy constraint: ${constraint}`,
  });
});
