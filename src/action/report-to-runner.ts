import { error, notice, setOutput, warning } from '@actions/core';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { annotations, outputs, recordingOf, renderSummary, type ReportFiles } from '../report/report.ts';
import type { Event } from '../trail/event.ts';

const SAY = { error, warning, notice };

/** Hands what the trail says to the runner: summary, annotations, outputs and the exit code. Works outside a runner too. */
export function reportToRunner(events: readonly Event[], files: ReportFiles): void {
  const summary = renderSummary(events);
  mkdirSync(dirname(files.summaryFile), { recursive: true });
  writeFileSync(files.summaryFile, summary);
  const recording = recordingOf(events);
  if (recording !== null) writeFileSync(files.recordingFile, `${JSON.stringify(recording)}\n`);
  const stepSummary = process.env['GITHUB_STEP_SUMMARY'];
  if (stepSummary) appendFileSync(stepSummary, summary);

  for (const { level, title, message } of annotations(events)) {
    SAY[level](message, { title });
  }
  const told = outputs(events, files);
  for (const [name, value] of Object.entries(told)) setOutput(name, value);
  // Green only for what is live.
  if (told['outcome'] !== 'deployed' && told['outcome'] !== 'unchanged') process.exitCode = 1;
}
