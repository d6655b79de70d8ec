import { runMainStep } from './action/main-step.ts';
import { mainAction } from './inputs/actions/main.ts';

await runMainStep(mainAction, async (asked, world) =>
  (await import('./action/deploy.ts')).deployService(asked, world),
);
