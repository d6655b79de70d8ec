import { runMainStep } from './action/main-step.ts';
import { deploy } from './inputs/actions/deploy.ts';

await runMainStep(deploy, async (asked, world) =>
  (await import('./action/deploy.ts')).deployServices(asked, world),
);
