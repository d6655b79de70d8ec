import { match } from 'node:assert/strict';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { ContractCase } from '../contract.ts';

export const stsCases: readonly ContractCase[] = [
  {
    name: 'sts: GetCallerIdentity returns an account, an ARN and a user id',
    async run({ sts }) {
      const { Account, Arn, UserId } = await sts.send(new GetCallerIdentityCommand({}));
      match(Account!, /^\d{12}$/);
      match(Arn!, new RegExp(`^arn:aws[a-z-]*:(iam|sts)::${Account}:`));
      match(UserId!, /^[A-Z0-9]/);
    },
  },
];
