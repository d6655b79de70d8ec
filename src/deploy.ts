import { perform } from './action/run-action.ts';
import { deploy } from './inputs/actions/deploy.ts';

await perform(deploy, async (asked, world) =>
  (await import('./action/deploy.ts')).deployServices(asked, world),
);
