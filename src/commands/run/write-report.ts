import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { recordingOf } from '../../report/recording.ts';
import { renderSummary } from '../../report/summary.ts';
import type { ReportFiles } from '../../report/outputs.ts';
import type { Event } from '../../core/trail/event.ts';

/** Writes the summary, and the recording if there was an evaluation. Returns the summary. */
export function writeReport(events: readonly Event[], files: ReportFiles): string {
  const summary = renderSummary(events);
  mkdirSync(dirname(files.summaryFile), { recursive: true });
  writeFileSync(files.summaryFile, summary);
  const recording = recordingOf(events);
  if (recording !== null) writeFileSync(files.recordingFile, `${JSON.stringify(recording)}\n`);
  return summary;
}
