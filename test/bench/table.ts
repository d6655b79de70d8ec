import { DETECTORS } from './detectors/detectors.ts';
import type { Found, Row } from './measure.ts';
import { MINUTES } from './scenarios.ts';

/** Markdown tables: false alarms of good canaries, and detection times of bad ones. */
export function tables(rows: readonly Row[]): string {
  const good = rows.filter((row) => row.case.scenario.fault === null);
  const errors = rows.filter((row) => row.case.scenario.fault === 'errors');
  const latency = rows.filter((row) => row.case.scenario.fault === 'latency');
  const parts = [
    {
      caption: `Good canaries: rolled back within ${MINUTES} minutes, of all rollouts.`,
      body: table('nothing is wrong with the canary', good, blamed),
      shown: good,
    },
    {
      caption:
        'Bad canaries: median minutes until the rollback, and requests to the canary that have failed by then.',
      body: table('errors', errors, (found) => `${minutes(found)}, ${found.failed.toLocaleString('en-US')}`),
      shown: errors,
    },
    {
      caption: 'Slow canaries: median minutes until the rollback.',
      body: table('latency', latency, minutes),
      shown: latency,
    },
  ];
  return parts
    .filter(({ shown }) => shown.length > 0)
    .flatMap(({ caption, body, shown }) => [`${caption} ${accuracy(shown)}`, body])
    .join('\n\n');
}

function table(heading: string, rows: readonly Row[], cell: (found: Found, row: Row) => string): string {
  const columns = [heading, 'requests/s', ...DETECTORS.map(({ name }) => name)];
  const ours = columns.length - 1;
  return [
    columns.map((name, index) => (index === ours ? `**${name}**` : name)),
    columns.map((_, index) => (index === 0 ? '---' : '--:')),
    ...rows.map((row) => [
      row.case.scenario.name,
      row.case.requestsPerSecond.toLocaleString('en-US'),
      ...row.found.map((found) => cell(found, row)),
    ]),
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .toSpliced(0, 0, '<!-- prettier-ignore -->')
    .join('\n');
}

const percent = (share: number): string => `${Number((100 * share).toFixed(2))}%`;
const blamed = ({ blamed: share }: Found): string => percent(share);
const minutes = ({ minutes: after }: Found): string => (after > MINUTES ? `>${MINUTES}` : `${after}`);

/** The number of rollouts and the accuracy. */
function accuracy(rows: readonly Row[]): string {
  const runs = [...new Set(rows.map((row) => row.case.runs))].sort((a, b) => b - a);
  const spread = rows.flatMap((row) => {
    const found = row.found.at(-1);
    return found === undefined ? [] : [standardError(found, row)];
  });
  const unit = rows[0]?.case.scenario.fault === null ? '%' : ' minutes';
  const most = Number(Math.max(...spread).toFixed(2));
  const rollouts = runs.map((number) => number.toLocaleString('en-US')).join(' or ');
  return `${rollouts} rollouts a line; standard error of this judge's column: ${most}${unit} at most.`;
}

/** In percent or minutes. A share of zero counts as one occurrence. */
function standardError(found: Found, { case: { scenario, runs } }: Row): number {
  if (scenario.fault !== null) return found.minutes <= MINUTES ? found.standardError : 0;
  return 100 * Math.sqrt(Math.max(found.blamed, 1 / runs) / runs);
}
