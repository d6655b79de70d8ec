import { runMainStep } from './action/main-step.ts';
import { main } from './inputs/actions/main.ts';

await runMainStep(main, async (asked, world) =>
  (await import('./action/deploy.ts')).deployService(asked, world),
);
