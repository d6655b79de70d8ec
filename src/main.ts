import { runMainStep } from './action/main-step.ts';
import { mainAction } from './inputs/actions/main.ts';

await runMainStep(mainAction, async (parsed, context) =>
  (await import('./action/deploy.ts')).deployService(parsed, context),
);
