import { runPostStep } from './action/post-step.ts';
import { rollback } from './inputs/actions/rollback.ts';
import { rollbackRequest } from './inputs/inputs.ts';

await runPostStep(rollback, {
  requestsOf: (asked) => [rollbackRequest(asked)],
  nothingBegan: 'The job was killed before anything was done.',
  finish: async (...killed) => (await import('./action/rollback.ts')).finishRollbackJob(...killed),
});
