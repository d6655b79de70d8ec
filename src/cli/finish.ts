import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeReport } from '../commands/run/write-report.ts';
import type { ReportFiles } from '../report/outputs.ts';
import type { Event, OutcomeName } from '../core/trail/event.ts';
import type { CliContext } from './command.ts';
import { DIRTY, FAILED, ROLLED_BACK } from './exit-codes.ts';
import { errorText } from '../core/failure.ts';

const EXIT_CODES: Readonly<Record<OutcomeName, number>> = {
  deployed: 0,
  unchanged: 0,
  failed: FAILED,
  'rolled-back': ROLLED_BACK,
  dirty: DIRTY,
};

interface Files extends ReportFiles {
  /** `null` if no HTML page is requested. */
  readonly htmlFile: string | null;
}

/**
 * Ends a deployment or rollback: writes the reports, prints their paths, and resolves to the exit
 * code of the outcome, even if a report cannot be written.
 */
export async function finishCommand(
  events: readonly Event[],
  files: Files,
  { print, complain }: Pick<CliContext, 'print' | 'complain'>,
): Promise<number> {
  const { summaryFile, htmlFile } = files;
  const written = (file: string, write: () => void, name: string) => {
    try {
      write();
      print(`${name}: ${file}`);
    } catch (error) {
      const why = errorText(error);
      complain(`The ${name} was not written: ${why}`);
    }
  };
  written(summaryFile, () => void writeReport(events, files), 'summary');
  if (htmlFile !== null) {
    const { renderHtml } = await import('../report/html/html.ts');
    const write = () => {
      mkdirSync(dirname(htmlFile), { recursive: true });
      writeFileSync(htmlFile, renderHtml(events));
    };
    written(htmlFile, write, 'page');
  }
  const finished = events.findLast((event) => event.kind === 'finished');
  return EXIT_CODES[finished?.outcome ?? 'dirty'];
}
