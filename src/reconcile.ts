import { perform } from './action/run-action.ts';
import { reconcile } from './inputs/actions/reconcile.ts';

await perform(reconcile, async (asked, world) =>
  (await import('./action/reconcile.ts')).reconcileServices(asked, world),
);
