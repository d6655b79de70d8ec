import { runPostStep } from './action/post-step.ts';
import { rollbackAction } from './inputs/actions/rollback.ts';
import { rollbackRequest } from './inputs/assemble.ts';

await runPostStep(rollbackAction, {
  requestsOf: (parsed) => [rollbackRequest(parsed)],
  nothingBegan: 'The job was killed before anything was changed.',
  finish: async (...killed) => (await import('./action/rollback.ts')).finishRollbackJob(...killed),
});
