import { runMainStep } from './action/main-step.ts';
import { rollback } from './inputs/actions/rollback.ts';

await runMainStep(rollback, async (asked, world) =>
  (await import('./action/rollback.ts')).rollBackService(asked, world),
);
