import { runPostStep } from './action/post-step.ts';
import { mainAction } from './inputs/actions/main.ts';
import { requestFor } from './inputs/assemble.ts';

await runPostStep(mainAction, {
  requestsOf: (parsed) => [requestFor(parsed)],
  nothingBegan: 'The job was killed before anything was deployed.',
  async finish(...killed) {
    const [{ finishDeploys }, { reportJob }] = await Promise.all([
      import('./action/deploy.ts'),
      import('./action/report.ts'),
    ]);
    return reportJob((await finishDeploys(...killed))[0]!);
  },
});
