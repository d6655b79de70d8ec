import type { Clients } from '../aws/clients.ts';
import { Refused } from '../aws/refusals.ts';
import { cleanUp, type CleanedUp } from '../clean-up/clean-up.ts';
import type { Access } from '../credentials/access.ts';
import type { Charge, Round } from '../inputs/inputs.ts';
import { PreflightFailed } from '../preflight/preflight.ts';
import { reconcile, type Reconciled, type ReconcilePorts } from '../reconcile/reconcile.ts';

export { cleanedUpInWords, type CleanedUp } from '../clean-up/clean-up.ts';
export { happeningInWords, reconciledInWords, worstOf, type Reconciled } from '../reconcile/reconcile.ts';

/** What became of services, and of what their earlier releases left. */
export interface LookedAfter {
  readonly services: readonly Reconciled[];
  readonly cleanedUp: readonly CleanedUp[];
}

interface Manner {
  /** Only tells. */
  readonly dryRun: boolean;
}

interface UpkeepPorts extends Omit<ReconcilePorts, 'clients'> {
  readonly connect: (access: Access) => Clients;
}

/**
 * What a schedule is for: finishes or undoes what dead runs left, then takes away what is to stay no longer. Where there are several to
 * look after, one that cannot be read or cleaned up after is dirty, and the others go on. Rejects with Refused or PreflightFailed.
 */
export async function lookAfter(
  rounds: readonly Round[],
  manner: Manner,
  { connect, ...ports }: UpkeepPorts,
): Promise<LookedAfter> {
  const isAlone = rounds.flatMap(({ charges }) => charges).length === 1;
  const done = rounds.map(({ access, charges }) =>
    lookAfterRound(charges, { ...manner, isAlone }, { ...ports, clients: connect(access) }),
  );
  const told = await Promise.all(done);
  return {
    services: told.flatMap(({ services }) => services),
    cleanedUp: told.flatMap(({ cleanedUp }) => cleanedUp),
  };
}

async function lookAfterRound(
  charges: readonly Charge[],
  { dryRun, isAlone }: Manner & { readonly isAlone: boolean },
  ports: ReconcilePorts,
): Promise<LookedAfter> {
  const found = await Promise.all(
    charges.map(async (charge) => {
      const { cluster, services } = charge;
      const done = reconcile({ clusters: [cluster], services, dryRun }, ports);
      return isAlone ? done : done.catch((error: unknown) => unread(charge, inWords(error)));
    }),
  );
  const services = found.flat();
  try {
    return { services, cleanedUp: await cleanUp({ charges, dryRun }, ports.clients) };
  } catch (error) {
    if (isAlone) throw error;
    const reason = `what is to stay no longer is still there: ${inWords(error)}`;
    return {
      services: services.map((each) => (each.state === 'dirty' ? each : { ...each, state: 'dirty', reason })),
      cleanedUp: [],
    };
  }
}

function unread({ cluster, services }: Charge, reason: string): readonly Reconciled[] {
  return (services ?? ['*']).map((service) => ({ cluster, service, state: 'dirty', reason }));
}

/** Of an error that is none of our own. */
function inWords(error: unknown): string {
  if (error instanceof Refused || error instanceof PreflightFailed) return error.message;
  throw error;
}
