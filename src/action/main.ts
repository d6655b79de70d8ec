import { main } from '../inputs/actions/main.ts';
import type { Asked } from '../inputs/rule.ts';
import { InvalidInputs } from '../inputs/issue.ts';
import { readInputs, requestFor } from '../inputs/inputs.ts';
import { secretsOf } from '../inputs/secrets.ts';
import { tellingOf } from '../inputs/assemble.ts';
import { logLines } from '../report/log.ts';
import { begin, carryOut } from '../commands/run/run.ts';
import { createAncestry } from '../commands/deploy/commit-order/ancestry.ts';
import { MINUTE } from '../core/time/clock.ts';
import { createTrail, type Trail } from '../core/trail/trail.ts';
import { cancellation } from '../commands/run/cancellation.ts';
import { VERSION } from '../commands/run/version.ts';
import { reportInvalidInputs } from './report-failure.ts';
import { mask, runnerLog } from './runner-log.ts';
import { saveState } from './state.ts';
import { reportToRunner } from './report-to-runner.ts';
import { runnerTime, runnerWorld } from './runner.ts';
import { tellOthers } from '../report/notifications.ts';
import { bugReport } from '../core/failure.ts';

/** The action's main step: inputs to report. Never rejects. */
export async function run(env: NodeJS.ProcessEnv): Promise<void> {
  const asked = await readOrReport(env);
  if (asked === null) return;
  const request = requestFor(asked);
  for (const secret of secretsOf(request)) mask(secret);

  const time = runnerTime();
  const trail = createTrail({ clock: time.clock, file: request.eventsFile });
  trail.subscribe((event) => {
    for (const line of logLines(event)) runnerLog.say(line);
  });
  const cancelled = cancellation(
    (signal) => trail.tell({ kind: 'cancel-asked', signal }),
    (error) => {
      trail.tell({ kind: 'noticed', level: 'error', message: bugReport(error) });
      leaveIfStuck(trail);
    },
  );
  const world = runnerWorld({ env, access: request.access, cancelled, time });
  saveState({ finished: false, run: world.run.id });
  const others = tellOthers(tellingOf(asked), world);
  others.follow({ trail, request });
  begin({ trail, request }, { version: VERSION });
  const { token } = tellingOf(asked);
  const ancestry = createAncestry({ folder: asked.workspace, env, token, stop: cancelled });
  await carryOut({ trail, request }, { ...world, ancestry });
  await others.finish();
  reportToRunner(trail.events, request);
  // last: a death before it lets the post step report
  saveState({ finished: true });
}

/** The way back is asked for at the next look. */
const TIME_TO_ASK = 2 * MINUTE;

/** Whatever was awaited may have gone with the mistake: then the post step does better than this process. */
function leaveIfStuck({ events }: Trail): void {
  const timer = setTimeout(() => {
    if (!events.some(({ kind }) => kind === 'rollback-asked' || kind === 'finished')) process.exit();
  }, TIME_TO_ASK);
  timer.unref();
}

async function readOrReport(env: NodeJS.ProcessEnv): Promise<Asked<typeof main.definitions> | null> {
  try {
    return await readInputs(main, { env, workspace: env['GITHUB_WORKSPACE'] ?? process.cwd() });
  } catch (error) {
    if (!(error instanceof InvalidInputs)) throw error;
    reportInvalidInputs(main, error);
    return null;
  }
}
