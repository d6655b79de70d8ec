import { runMainStep } from './action/main-step.ts';
import { deployAction } from './inputs/actions/deploy.ts';

await runMainStep(deployAction, async (parsed, context) =>
  (await import('./action/deploy.ts')).deployServices(parsed, context),
);
