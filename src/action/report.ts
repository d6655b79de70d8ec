import type { Job } from '../commands/run/job.ts';
import { writeReport } from '../commands/run/write-report.ts';
import type { RollbackRequest } from '../core/request.ts';
import { endOf, isLive } from '../core/trail/outcome.ts';
import type { OutcomeName } from '../core/trail/event.ts';
import type { deployAction } from '../inputs/actions/deploy.ts';
import type { mainAction } from '../inputs/actions/main.ts';
import type { rollbackAction } from '../inputs/actions/rollback.ts';
import { annotations } from '../report/annotations.ts';
import { outputs } from '../report/outputs.ts';
import { MOST_BYTES, renderSummary } from '../report/summary.ts';
import type { Result } from './result.ts';
import { attempt } from './runner-files.ts';

/** The result of one service. Writes its reports. */
export function reportJob({ request, trail }: Job): Result<keyof (typeof mainAction)['outputs']> {
  attempt('The report', () => writeReport(trail.events, request));
  return {
    green: isLive(endOf(trail)?.outcome),
    outputs: outputs(trail.events, request),
    summary: renderSummary(trail.events),
    annotations: annotations(trail.events),
  };
}

/** The result of a rollback. Writes its reports. */
export function reportRollback({
  request,
  trail,
}: Job<RollbackRequest>): Result<keyof (typeof rollbackAction)['outputs']> {
  const { events } = trail;
  const told = outputs(events, request);
  const planned = events.find((event) => event.kind === 'rollback-planned');
  const { image: _, 'image-digest': __, 'canary-percent': ___, ...shared } = told;
  const did = told.outcome !== 'unchanged' && told.outcome !== 'failed' ? planned : undefined;
  return {
    green: isLive(endOf(trail)?.outcome),
    outputs: {
      ...shared,
      commit: planned?.to.commit ?? '',
      hot: did === undefined ? '' : String(did.serviceDeploymentArn !== null),
    },
    summary: writeReport(events, request),
    annotations: annotations(events),
  };
}

/** Outcomes from the most to the least urgent. */
const WORST_FIRST: readonly OutcomeName[] = ['dirty', 'rolled-back', 'failed', 'deployed', 'unchanged'];

/** The combined result of all services. Writes the reports of each. */
export function reportServices(jobs: readonly Job[]): Result<keyof (typeof deployAction)['outputs']> {
  const told = jobs.map(({ request, trail }) => {
    attempt('The report', () => writeReport(trail.events, request));
    return { service: request.service, outputs: outputs(trail.events, request) };
  });
  const common = (name: keyof ReturnType<typeof outputs>) =>
    told.map(({ outputs }) => outputs[name]).find(Boolean) ?? '';
  const bad = jobs
    .filter(({ trail }) => !isLive(endOf(trail)?.outcome))
    .map(({ request }) => request.service);
  const reasons = told
    .filter(({ service }) => bad.length === 0 || bad.includes(service))
    .map(({ service, outputs }) => (jobs.length === 1 ? outputs.reason : `${service}: ${outputs.reason}`));
  return {
    green: bad.length === 0,
    outputs: {
      outcome: WORST_FIRST.find((name) => told.some(({ outputs }) => outputs.outcome === name)) ?? 'failed',
      reason: reasons.join('\n'),
      image: common('image'),
      'image-digest': common('image-digest'),
      'task-definition-arn': common('task-definition-arn'),
      results: JSON.stringify(Object.fromEntries(told.map(({ service, outputs }) => [service, outputs]))),
    },
    summary: jobs
      .map(({ trail }) => renderSummary(trail.events, Math.floor(MOST_BYTES / jobs.length)))
      .join('\n'),
    annotations: jobs.flatMap(({ trail }) => annotations(trail.events)),
  };
}
