import { createClients } from '../aws/clients.ts';
import { main } from '../inputs/actions/main.ts';
import type { Request } from '../inputs/request.ts';
import { InvalidInputs, readRequest, secretsOf } from '../inputs/inputs.ts';
import { logLines } from '../report/report.ts';
import { systemClock } from '../time/clock.ts';
import { createTrail, type Trail } from '../trail/trail.ts';
import type { DeployResult } from '../deploy/deploy.ts';
import { cancellation } from './cancellation.ts';
import { VERSION } from './version.ts';
import { NO_REGION, regionOf } from './region.ts';
import { reportInvalidInputs } from './report-failure.ts';
import { mask, runnerLog } from './runner-log.ts';
import { saveState } from './state.ts';
import { reportToRunner } from './report-to-runner.ts';

/** The action's main step: inputs to report. Never rejects. */
export async function run(env: NodeJS.ProcessEnv): Promise<void> {
  const request = await readOrReport(env);
  if (request === null) return;
  for (const secret of secretsOf(request)) mask(secret);

  const trail = createTrail({ clock: systemClock, file: request.eventsFile });
  trail.subscribe((event) => {
    for (const line of logLines(event)) runnerLog.say(line);
  });
  const cancelled = cancellation((signal) => trail.tell({ kind: 'cancel-asked', signal }));
  saveState({ finished: false });
  begin(trail, request, env);
  await carryOut(trail, request, { env, cancelled });
  saveState({ finished: true });
  reportToRunner(trail.events, request);
}

async function readOrReport(env: NodeJS.ProcessEnv): Promise<Request | null> {
  try {
    return await readRequest({ env, workspace: env['GITHUB_WORKSPACE'] ?? process.cwd() });
  } catch (error) {
    if (!(error instanceof InvalidInputs)) throw error;
    reportInvalidInputs(main, error);
    return null;
  }
}

function begin(trail: Trail, request: Request, env: NodeJS.ProcessEnv): void {
  const { source } = request;
  trail.tell({
    kind: 'begun',
    version: VERSION,
    service: request.service,
    cluster: request.cluster,
    region: regionOf(env) ?? 'unknown',
    account: null,
    commit: source.commit,
    repositoryUrl: source.repositoryUrl,
    runUrl: source.runUrl,
    actor: source.actor,
    dryRun: request.dryRun,
  });
}

/** Tells how it ended, whatever happens. */
async function carryOut(
  trail: Trail,
  request: Request,
  { env, cancelled }: { readonly env: NodeJS.ProcessEnv; readonly cancelled: AbortSignal },
): Promise<void> {
  const began = systemClock.now();
  const region = regionOf(env);
  const finish = (result: { outcome: 'failed'; reason: string } | DeployResult) =>
    trail.tell({
      kind: 'finished',
      canaryPercent: null,
      oldRevisionUntil: null,
      ...result,
      took: systemClock.now() - began,
    });
  if (region === undefined) {
    finish({ outcome: 'failed', reason: NO_REGION });
    return;
  }
  const { deploy } = await import('../deploy/deploy.ts');
  const { causesOf } = await import('./causes.ts');
  try {
    finish(
      await deploy(request, {
        clients: createClients({ region, version: VERSION }),
        docker: async () => (await import('../image/image.ts')).connectDocker(env),
        clock: systemClock,
        log: runnerLog,
        tell: (happening) => trail.tell(happening),
        mask,
        cancelled,
      }),
    );
  } catch (error) {
    const causes = causesOf(error);
    if (causes.length > 1) {
      for (const message of causes) trail.tell({ kind: 'noticed', level: 'error', message });
    }
    finish({
      outcome: 'failed',
      reason:
        causes.length === 1 ? causes[0]! : `${causes.length} things are missing; production was not touched.`,
    });
  }
}
