import type { rollback } from '../inputs/actions/rollback.ts';
import type { Asked } from '../inputs/rule.ts';
import { rollbackRequest } from '../inputs/inputs.ts';
import { tellingOf } from '../inputs/assemble.ts';
import type { RollbackRequest } from '../core/request.ts';
import { begin } from '../commands/run/run.ts';
import { carryOutRollback } from '../commands/run/run-rollback.ts';
import { writeReport } from '../commands/run/write-report.ts';
import { annotations } from '../report/annotations.ts';
import { logLines } from '../report/log.ts';
import { outputs } from '../report/outputs.ts';
import type { Event } from '../core/trail/event.ts';
import { createTrail } from '../core/trail/trail.ts';
import type { Result } from './result.ts';
import type { RunnerWorld } from './runner.ts';
import { tellOthers } from '../report/notifications.ts';
import { VERSION } from '../commands/run/version.ts';

type Rollback = typeof rollback;

/** What rollback/ does. */
export async function rollBackService(
  asked: Asked<Rollback['definitions']>,
  world: RunnerWorld,
): Promise<Result<keyof Rollback['outputs']>> {
  const { clock, cancelled, log } = world;
  const request = rollbackRequest(asked);
  const trail = createTrail({ clock, file: request.eventsFile });
  trail.subscribe((event) => {
    for (const line of logLines(event)) log.say(line);
  });
  const others = tellOthers(tellingOf(asked), world);
  others.follow({ request, trail });
  begin({ request, trail }, { version: VERSION, command: 'rollback' });
  cancelled.addEventListener('abort', () =>
    trail.tell({ kind: 'cancel-asked', signal: String(cancelled.reason) }),
  );
  await carryOutRollback({ request, trail }, world);
  await others.finish();
  return reportRollback(trail.events, request);
}

/** What became of it: writes its files. */
export function reportRollback(
  events: readonly Event[],
  request: RollbackRequest,
): Result<keyof Rollback['outputs']> {
  const told = outputs(events, request);
  const planned = events.find((event) => event.kind === 'rollback-planned');
  const did = told['outcome'] !== 'unchanged' && told['outcome'] !== 'failed' ? planned : undefined;
  const of = (name: string) => told[name] ?? '';
  return {
    green: told['outcome'] === 'deployed' || told['outcome'] === 'unchanged',
    outputs: {
      outcome: of('outcome'),
      reason: of('reason'),
      'task-definition-arn': of('task-definition-arn'),
      'previous-task-definition-arn': of('previous-task-definition-arn'),
      commit: planned?.to.commit ?? '',
      hot: did === undefined ? '' : String(did.serviceDeploymentArn !== null),
      'service-deployment-arn': of('service-deployment-arn'),
      'events-file': of('events-file'),
      'summary-file': of('summary-file'),
      'started-at': of('started-at'),
      'finished-at': of('finished-at'),
      'recording-file': of('recording-file'),
      'console-url': of('console-url'),
    },
    summary: writeReport(events, request),
    annotations: annotations(events),
  };
}
