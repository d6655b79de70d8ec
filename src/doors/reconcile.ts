import { perform } from '../action/perform.ts';
import { reconcile } from '../inputs/actions/reconcile.ts';

await perform(reconcile, async (asked, world) =>
  (await import('../action/reconcile-services.ts')).reconcileServices(asked, world),
);
