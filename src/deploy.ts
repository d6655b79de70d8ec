import { runMainStep } from './action/main-step.ts';
import { deployAction } from './inputs/actions/deploy.ts';

await runMainStep(deployAction, async (asked, world) =>
  (await import('./action/deploy.ts')).deployServices(asked, world),
);
