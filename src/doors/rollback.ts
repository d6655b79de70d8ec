import { perform } from '../action/perform.ts';
import { rollback } from '../inputs/actions/rollback.ts';

await perform(rollback, async (asked, world) =>
  (await import('../action/roll-back.ts')).rollBackService(asked, world),
);
