import { runPostStep } from './action/post-step.ts';
import { deploy } from './inputs/actions/deploy.ts';
import { deployRequests } from './inputs/inputs.ts';

await runPostStep(deploy, {
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
