import { type Clients, createClients, sharedOptions } from '../clients.ts';
import type { Environment } from '../../core/environment.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { Access } from '../../core/access.ts';
import { renewed } from './renewed.ts';
import { assumeRole } from './role.ts';
import { UserError } from '../../core/failure.ts';

export interface ConnectOptions {
  readonly env: Environment;
  readonly version: string;
  readonly clock: Clock;
  /** Hides a secret wherever it would be printed. */
  readonly mask: (secret: string) => void;
  /** Told when AWS says that it gave each answer. */
  readonly heard?: (date: number) => void;
  /** For a simulation: its own transport. */
  readonly overrides?: object;
}

/**
 * The AWS APIs in the region, as the role that is to be assumed: all clients share one session, which is renewed. Throws UserError
 * where no region is set.
 */
export function connect(
  { region, role, chaining }: Access,
  { env, version, clock, mask, heard, overrides = {} }: ConnectOptions,
): Clients {
  if (region === null) {
    throw new UserError('No AWS region is set: give aws-region, or set AWS_REGION.');
  }
  if (role === null) return createClients({ region, version, heard, overrides });
  const clientConfig = sharedOptions({ region, version, overrides });
  const credentials = renewed(assumeRole({ role, chaining }, { env, clock, mask, clientConfig }), clock);
  return createClients({ region, version, heard, overrides: { ...overrides, credentials } });
}
