import { runMainStep } from './action/main-step.ts';
import { reconcile } from './inputs/actions/reconcile.ts';

await runMainStep(reconcile, async (asked, world) =>
  (await import('./action/reconcile.ts')).reconcileServices(asked, world),
);
