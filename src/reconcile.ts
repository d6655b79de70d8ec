import { runMainStep } from './action/main-step.ts';
import { reconcileAction } from './inputs/actions/reconcile.ts';

await runMainStep(reconcileAction, async (parsed, context) =>
  (await import('./action/reconcile.ts')).runReconcile(parsed, context),
);
