import type {
  AssumeRoleCommandInput,
  AssumeRoleWithWebIdentityCommandInput,
  GetCallerIdentityCommandOutput,
} from '@aws-sdk/client-sts';
import { MINUTE, SECOND, type Clock, type Milliseconds } from '../../src/core/time/clock.ts';
import { AwsError, type Caller, type Service } from '../wire/service.ts';
import { createSessions, sandboxUser, type Sessions } from './sessions.ts';
import { subjectOf } from './web-identity.ts';

export interface Sts {
  readonly service: Service;
  readonly sessions: Sessions;
}

export interface StsOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** Fixed length of every session. By default as on AWS: the requested length, or one hour. */
  readonly sessionLength?: Milliseconds;
}

/**
 * STS: starts sessions that expire, and reports the role of a session. All other keys are of one
 * assumed role. Any role may be assumed.
 */
export function createSts({ clock, sessionLength }: StsOptions): Sts {
  const sessions = createSessions(clock);

  function begin({ RoleArn = '', RoleSessionName = '', DurationSeconds = 3600 }: AssumeRoleCommandInput) {
    const role = /^arn:(aws[\w-]*):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(RoleArn);
    if (!role) throw new AwsError('ValidationError', `${RoleArn} is invalid`);
    const length = DurationSeconds * SECOND;
    if (length < 15 * MINUTE || length > 60 * MINUTE) {
      throw new AwsError(
        'ValidationError',
        'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      );
    }
    const [, partition, account = '', name] = role;
    const user = {
      account,
      arn: `arn:${partition}:sts::${account}:assumed-role/${name}/${RoleSessionName}`,
      id: `AROASANDBOXSANDBOXSAN:${RoleSessionName}`,
    };
    return {
      Credentials: sessions.begin(user, sessionLength ?? length),
      AssumedRoleUser: { Arn: user.arn, AssumedRoleId: user.id },
    };
  }

  const service: Service = {
    name: 'sts',
    operations: {
      GetCallerIdentity(
        _: unknown,
        { account, accessKeyId }: Caller,
      ): Omit<GetCallerIdentityCommandOutput, '$metadata'> {
        const user = sessions.userOf(accessKeyId) ?? sandboxUser(account);
        return { Account: user.account, Arn: user.arn, UserId: user.id };
      },
      AssumeRole: (input: AssumeRoleCommandInput) => begin(input),
      AssumeRoleWithWebIdentity(input: AssumeRoleWithWebIdentityCommandInput) {
        const subject = subjectOf(input.WebIdentityToken ?? '', clock.now());
        return { ...begin(input), SubjectFromWebIdentityToken: subject };
      },
    },
  };
  return { service, sessions };
}
