import { type Clients, createClients, sharedOptions } from '../clients.ts';
import type { Environment } from '../../core/environment.ts';
import { proxiesIn } from '../../core/proxy.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { Access } from '../../core/access.ts';
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
 * session, which is renewed. Throws UserError when no region is set.
 */
export function connect(
  { region, role, chaining }: Access,
  { env, version, clock, mask, heard, overrides = {} }: ConnectOptions,
): Clients {
  if (region === null) {
    throw new UserError('No AWS region is set: set aws-region or AWS_REGION.');
  }
  const shared = { region, version, proxies: proxiesIn(env) };
  if (role === null) return createClients({ ...shared, heard, overrides });
  const clientConfig = sharedOptions({ ...shared, overrides });
  const credentials = renewed(assumeRole({ role, chaining }, { env, clock, mask, clientConfig }), clock);
  return createClients({ ...shared, heard, overrides: { ...overrides, credentials } });
}
