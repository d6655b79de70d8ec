import { perform } from '../action/perform.ts';
import { deploy } from '../inputs/actions/deploy.ts';

await perform(deploy, async (asked, world) =>
  (await import('../action/deploy-services.ts')).deployServices(asked, world),
);
