import { runMainStep } from './action/main-step.ts';
import { rollbackAction } from './inputs/actions/rollback.ts';

await runMainStep(rollbackAction, async (parsed, context) =>
  (await import('./action/rollback.ts')).rollBackService(parsed, context),
);
