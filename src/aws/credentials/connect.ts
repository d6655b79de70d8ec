import { type Clients, createClients, sharedOptions } from '../clients.ts';
import type { Environment } from '../../core/environment.ts';
import { proxiesIn } from '../../core/proxy.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { Access } from '../../core/access.ts';
import { onlyInAccounts } from './allowed-account.ts';
import { renewed } from './renewed.ts';
import { assumeRole } from './role.ts';
import { UserError } from '../../core/failure.ts';

export interface ConnectOptions {
  readonly env: Environment;
  readonly version: string;
  readonly clock: Clock;
  /** Hides a secret in everything that is printed. */
  readonly mask: (secret: string) => void;
  /** Called with the time of each answer by AWS's clock. */
  readonly heard?: (date: number) => void;
  /** For simulations: another transport. */
  readonly overrides?: object;
}

/**
 * The AWS APIs in the region, with the credentials of the role to assume. All clients share one
 * session, which is renewed. Throws UserError when no region is set; the clients reject with one if the
 * credentials belong to another account.
 */
export function connect(
  { region, role, chaining, accounts = [] }: Access,
  { env, version, clock, mask, heard, overrides = {} }: ConnectOptions,
): Clients {
  if (region === null) {
    throw new UserError('No AWS region is set: set aws-region or AWS_REGION.');
  }
  const shared = { region, version, proxies: proxiesIn(env) };
  const clientConfig = sharedOptions({ ...shared, overrides });
  const credentials =
    role === null ? null : renewed(assumeRole({ role, chaining }, { env, clock, mask, clientConfig }), clock);
  const withCredentials = { ...overrides, ...(credentials && { credentials }) };
  const clients = createClients({ ...shared, heard, overrides: withCredentials });
  if (accounts.length === 0) return clients;
  return onlyInAccounts(clients, accounts, { ...clientConfig, ...withCredentials });
}
