import { runMainStep } from './action/main-step.ts';
import { reconcileAction } from './inputs/actions/reconcile.ts';

await runMainStep(reconcileAction, async (asked, world) =>
  (await import('./action/reconcile.ts')).reconcileServices(asked, world),
);
