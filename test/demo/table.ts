import { type Result, unmetExpectations } from './scenario.ts';

/** The results as a table for a terminal. */
export function table(results: readonly Result[]): string {
  const rows = [
    ['scenario', 'outcome', 'new revision had', 'fault to rollback', "users' requests failed", 'took', ''],
    ...results.map((result) => [
      result.scenario.name,
      result.outcome || '-',
      `up to ${round(result.highestPercent)}%`,
      exposure(result),
      `${result.failed} of ${result.requests} (${round((100 * result.failed) / Math.max(1, result.requests))}%)`,
      `${Math.round(result.seconds)} s`,
      unmetExpectations(result).length === 0 ? 'as expected' : 'NOT AS EXPECTED',
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function exposure({ highestPercent, secondsExposed }: Result): string {
  if (highestPercent === 0) return 'no user reached';
  return secondsExposed === null ? '-' : `${secondsExposed.toFixed(1)} s`;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}
