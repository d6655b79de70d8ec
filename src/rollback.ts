import { perform } from './action/run-action.ts';
import { rollback } from './inputs/actions/rollback.ts';

await perform(rollback, async (asked, world) =>
  (await import('./action/rollback.ts')).rollBackService(asked, world),
);
