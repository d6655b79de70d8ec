import { annotations, outputs, type ReportFiles } from '../report/report.ts';
import { writeReport } from '../job/write-report.ts';
import type { Event } from '../trail/event.ts';
import { tellRunner } from './result.ts';

/** Writes the report of one service's job, and hands it to the runner. */
export function reportToRunner(events: readonly Event[], files: ReportFiles): void {
  const told = outputs(events, files);
  tellRunner({
    // Green only for what is live.
    green: told['outcome'] === 'deployed' || told['outcome'] === 'unchanged',
    outputs: told,
    summary: writeReport(events, files),
    annotations: annotations(events),
  });
}
