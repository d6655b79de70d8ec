import { existsSync } from 'node:fs';
import { rollback } from '../inputs/actions/rollback.ts';
import { readInputs, rollbackRequest } from '../inputs/inputs.ts';
import { tellingOf } from '../inputs/assemble.ts';
import { logLines } from '../report/log.ts';
import { resumeTrail } from '../core/trail/trail.ts';
import { failWith } from './report-failure.ts';
import { tellRunner } from './result.ts';
import { reportRollback } from './rollback.ts';
import { runnerWorld } from './runner.ts';
import { readState } from './state.ts';
import { tellOthers } from '../report/notifications.ts';

/** The post step of rollback/: finishes what a main step that was killed could not. Does nothing after one that reported. */
export async function completeRollback(env: NodeJS.ProcessEnv): Promise<void> {
  const state = readState();
  if (state === null || state.finished) return;
  // that nobody reads the log must not keep it from finishing
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
  const workspace = env['GITHUB_WORKSPACE'] ?? process.cwd();
  const asked = await readInputs(rollback, { env, workspace });
  const request = rollbackRequest(asked);
  if (!existsSync(request.eventsFile))
    return failWith(rollback, 'The job was killed before anything was done.');
  const world = runnerWorld({ env, access: request.access, run: state.run });
  const trail = resumeTrail({ clock: world.clock, file: request.eventsFile });
  trail.subscribe((event) => {
    for (const line of logLines(event)) world.log.say(line);
  });
  const others = tellOthers(tellingOf(asked), world);
  others.follow({ trail, request }, 'resumed');
  if (!trail.events.some(({ kind }) => kind === 'finished')) {
    const { finishRollback } = await import('../commands/run/finish-rollback.ts');
    await finishRollback(trail, request, { ...world, clients: world.connect() });
  }
  await others.finish();
  tellRunner(reportRollback(trail.events, request));
}
