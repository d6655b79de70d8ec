import type { Clients } from '../../aws/clients.ts';
import { cleanUp, type CleanedUp } from './clean-up/clean-up.ts';
import { cleanUpImages, type DeletedImages } from './clean-up/images.ts';
import type { Access } from '../../core/access.ts';
import type { RetentionRequest, MaintenanceRound } from '../../inputs/maintenance.ts';
import type { ReconcileContext } from './context.ts';
import { findServices, reconcileFound } from './reconcile.ts';
import type { Reconciled } from './reconciled.ts';
import { UserError } from '../../core/failure.ts';

/** The result for the services, task definitions and images. */
export interface MaintenanceResult {
  readonly services: readonly Reconciled[];
  readonly cleanedUp: readonly CleanedUp[];
  readonly deletedImages: readonly DeletedImages[];
}

interface Manner {
  /** Changes nothing. */
  readonly dryRun: boolean;
  /** Corrects weights that lead to no task. */
  readonly repair?: boolean;
}

interface MaintenanceContext extends Omit<ReconcileContext, 'clients'> {
  readonly connect: (access: Access) => Clients;
}

/**
 * Finishes or rolls back what killed runs left, then removes old task definitions and images. If
 * there are several configurations, a failed one is `dirty` and the others continue. Rejects with
 * UserError.
 */
export async function maintain(
  rounds: readonly MaintenanceRound[],
  manner: Manner,
  { connect, ...ports }: MaintenanceContext,
): Promise<MaintenanceResult> {
  const connected = rounds.map(({ access, charges }) => ({ charges, clients: connect(access) }));
  const isAlone = connected.flatMap(({ charges }) => charges).length === 1;
  const found = await Promise.all(
    connected.map(async ({ charges, clients }) => {
      return reconciled(charges, { ...manner, isAlone }, { ...ports, clients });
    }),
  );
  const told: MaintenanceResult[] = [];
  // Sequentially, because each reads a whole region.
  for (const [index, { charges, clients }] of connected.entries()) {
    const services = found[index]!;
    const request = { charges, ...manner };
    let cleanedUp: readonly CleanedUp[] = [];
    try {
      cleanedUp = await cleanUp(request, clients);
      const deletedImages = await cleanUpImages(request, clients, ports.clock.now());
      told.push({ services, cleanedUp, deletedImages });
    } catch (error) {
      if (isAlone) throw error;
      told.push({ services: uncleaned(services, inWords(error)), cleanedUp, deletedImages: [] });
    }
  }
  return {
    services: told.flatMap(({ services }) => services),
    cleanedUp: told.flatMap(({ cleanedUp }) => cleanedUp),
    deletedImages: told.flatMap(({ deletedImages }) => deletedImages),
  };
}

/** All services at once: they may share load balancers, whose rules are then read once. */
async function reconciled(
  charges: readonly RetentionRequest[],
  { isAlone, ...manner }: Manner & { readonly isAlone: boolean },
  ports: ReconcileContext,
): Promise<readonly Reconciled[]> {
  const looked = await Promise.all(
    charges.map(async (charge) => {
      try {
        return { found: await findServices(charge.cluster, charge.services, ports.clients), missing: [] };
      } catch (error) {
        if (isAlone) throw error;
        return { found: [], missing: unread(charge, inWords(error)) };
      }
    }),
  );
  const found = looked.flatMap((each) => each.found);
  return [...(await reconcileFound(found, manner, ports)), ...looked.flatMap(({ missing }) => missing)];
}

function unread({ cluster, services }: RetentionRequest, reason: string): readonly Reconciled[] {
  return (services ?? ['*']).map((service) => ({ cluster, service, state: 'dirty', reason }));
}

function uncleaned(services: readonly Reconciled[], why: string): readonly Reconciled[] {
  const reason = `the clean-up failed: ${why}`;
  return services.map((each) => (each.state === 'dirty' ? each : { ...each, state: 'dirty', reason }));
}

/** The message of a UserError; throws other errors. */
function inWords(error: unknown): string {
  if (error instanceof UserError) return error.message;
  throw error;
}
