import type { deploy } from '../inputs/actions/deploy.ts';
import type { Job } from '../commands/run/run.ts';
import { endOf, isLive } from '../commands/run/run-several.ts';
import { annotations } from '../report/annotations.ts';
import { MOST_BYTES, renderSummary } from '../report/summary.ts';
import { outputs } from '../report/outputs.ts';
import type { OutcomeName } from '../core/trail/event.ts';
import { writeReport } from '../commands/run/write-report.ts';
import { attempt, type Result } from './result.ts';

/** From the one that needs a person most. */
const WORST_FIRST: readonly OutcomeName[] = ['dirty', 'rolled-back', 'failed', 'deployed', 'unchanged'];

/** What became of all services: writes each one's files, and tells them together. */
export function reportServices(jobs: readonly Job[]): Result<keyof (typeof deploy)['outputs']> {
  const told = jobs.map(({ request, trail }) => {
    attempt('The report', () => writeReport(trail.events, request));
    return { service: request.service, outputs: outputs(trail.events, request) };
  });
  const common = (name: string) => told.map(({ outputs }) => outputs[name]).find(Boolean) ?? '';
  const bad = jobs.filter((job) => !isLive(endOf(job))).map(({ request }) => request.service);
  const reasons = told
    .filter(({ service }) => bad.length === 0 || bad.includes(service))
    .map(({ service, outputs }) =>
      jobs.length === 1 ? outputs['reason'] : `${service}: ${outputs['reason']}`,
    );
  return {
    green: bad.length === 0,
    outputs: {
      outcome:
        WORST_FIRST.find((name) => told.some(({ outputs }) => outputs['outcome'] === name)) ?? 'failed',
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
