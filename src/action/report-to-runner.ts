import { annotations } from '../report/annotations.ts';
import { outputs, type ReportFiles } from '../report/outputs.ts';
import { renderSummary } from '../report/summary.ts';
import { writeReport } from '../commands/run/write-report.ts';
import type { Event } from '../core/trail/event.ts';
import { attempt, tellRunner } from './result.ts';

/** Writes the report of one service's job, and hands it to the runner. */
export function reportToRunner(events: readonly Event[], files: ReportFiles): void {
  attempt('The report', () => writeReport(events, files));
  const told = outputs(events, files);
  tellRunner({
    // Green only for what is live.
    green: told['outcome'] === 'deployed' || told['outcome'] === 'unchanged',
    outputs: told,
    summary: renderSummary(events),
    annotations: annotations(events),
  });
}
