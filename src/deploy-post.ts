import { runPostStep } from './action/post-step.ts';
import { deployAction } from './inputs/actions/deploy.ts';
import { deployRequests } from './inputs/assemble.ts';

await runPostStep(deployAction, {
  requestsOf: deployRequests,
  nothingBegan: 'The job was killed before anything was deployed.',
  async finish(...killed) {
    const [{ finishDeploys }, { reportServices }] = await Promise.all([
      import('./action/deploy.ts'),
      import('./action/report.ts'),
    ]);
    return reportServices(await finishDeploys(...killed));
  },
});
