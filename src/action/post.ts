import { main } from '../inputs/actions/main.ts';
import { readInputs, requestFor } from '../inputs/inputs.ts';
import { tellingOf } from '../inputs/assemble.ts';
import { logLines } from '../report/log.ts';
import { resumeTrail } from '../core/trail/trail.ts';
import { reportToRunner } from './report-to-runner.ts';
import { runnerLog } from './runner-log.ts';
import { runnerWorld } from './runner.ts';
import { readState } from './state.ts';
import { tellOthers } from '../report/notifications.ts';

/** The action's post step: finishes what a main step that was killed could not. Does nothing after one that reported. */
export async function complete(env: NodeJS.ProcessEnv): Promise<void> {
  const state = readState();
  if (state === null || state.finished) return;
  // that nobody reads the log must not keep it from finishing
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
  const asked = await readInputs(main, { env, workspace: env['GITHUB_WORKSPACE'] ?? process.cwd() });
  const request = requestFor(asked);
  const world = runnerWorld({ env, access: request.access, run: state.run });
  const trail = resumeTrail({ clock: world.clock, file: request.eventsFile });
  trail.subscribe((event) => {
    for (const line of logLines(event)) runnerLog.say(line);
  });
  const others = tellOthers(tellingOf(asked), world);
  others.follow({ trail, request }, 'resumed');
  if (!trail.events.some((event) => event.kind === 'finished')) {
    const { finishRollout } = await import('../commands/run/finish-rollout.ts');
    await finishRollout(trail, request, { ...world, clients: world.connect() });
  }
  await others.finish();
  reportToRunner(trail.events, request);
}
