import { existsSync } from 'node:fs';
import { deploy } from '../inputs/actions/deploy.ts';
import { accessOf, tellingOf } from '../inputs/assemble.ts';
import { deployRequests, readInputs } from '../inputs/inputs.ts';
import { resumeTrail } from '../core/trail/trail.ts';
import { logTrail } from './deploy.ts';
import { failWith } from './report-failure.ts';
import { reportServices } from './report-services.ts';
import { tellRunner } from './result.ts';
import { runnerWorld } from './runner.ts';
import { readState } from './state.ts';
import { tellOthers } from '../report/notifications.ts';

/** The post step of deploy/: finishes what a main step that was killed could not, for each of the services. */
export async function finishServices(env: NodeJS.ProcessEnv): Promise<void> {
  const state = readState();
  if (state === null || state.finished) return;
  const asked = await readInputs(deploy, { env, workspace: env['GITHUB_WORKSPACE'] ?? process.cwd() });
  const requests = deployRequests(asked).filter(({ eventsFile }) => existsSync(eventsFile));
  if (requests.length === 0) return failWith(deploy, 'The job was killed before anything was deployed.');
  const world = runnerWorld({ env, access: accessOf(asked), run: state.run });
  const { clock, connect, log, run } = world;
  const jobs = requests.map((request) => {
    const trail = resumeTrail({ clock, file: request.eventsFile });
    logTrail(trail, request, { of: requests.length, say: log.say });
    return { request, trail };
  });
  const others = tellOthers(tellingOf(asked), world);
  for (const job of jobs) others.follow(job, 'resumed');
  const unfinished = jobs.filter(({ trail }) => !trail.events.some(({ kind }) => kind === 'finished'));
  if (unfinished.length > 0) {
    const { finishRollout } = await import('../commands/run/finish-rollout.ts');
    const clients = connect();
    await Promise.all(
      unfinished.map(({ request, trail }) => finishRollout(trail, request, { clients, clock, run })),
    );
  }
  await others.finish();
  tellRunner(reportServices(jobs));
}
