import { runMainStep } from './action/main-step.ts';
import { rollbackAction } from './inputs/actions/rollback.ts';

await runMainStep(rollbackAction, async (asked, world) =>
  (await import('./action/rollback.ts')).rollBackService(asked, world),
);
