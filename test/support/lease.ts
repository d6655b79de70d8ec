// Creates the lease of a run.
import type { Clients } from '../../src/aws/clients.ts';
import { createLease, type Lease } from '../../src/aws/lease/lease.ts';
import { identify } from '../../src/core/run.ts';
import type { Clock } from '../../src/core/time/clock.ts';

/** The lease of a run on service `web` of cluster `shop`. */
export async function leaseOf(clients: Clients, clock: Clock): Promise<Lease> {
  return createLease({
    ecs: await clients.ecs(),
    clock,
    run: identify({}),
    service: { cluster: 'shop', name: 'web' },
    onConflict: 'wait',
    patience: 0,
    tell() {},
  });
}
