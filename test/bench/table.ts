import { DETECTORS } from './detectors/detectors.ts';
import type { Found, Row } from './measure.ts';
import { MINUTES } from './scenarios.ts';

/** Markdown: the good canaries with how often they were blamed, the bad ones with how soon they were found. */
export function tables(rows: readonly Row[]): string {
  const good = rows.filter((row) => row.case.scenario.fault === null);
  const errors = rows.filter((row) => row.case.scenario.fault === 'errors');
  const latency = rows.filter((row) => row.case.scenario.fault === 'latency');
  return [
    `Good canaries: rolled back within ${MINUTES} minutes, of all rollouts.`,
    table('nothing is wrong with the canary', good, blamed),
    'Bad canaries: median minutes until the rollback, and requests to the canary that have failed by then.',
    table('errors', errors, (found) => `${minutes(found)}, ${found.failed}`),
    'Slow canaries: median minutes until the rollback.',
    table('latency', latency, minutes),
  ].join('\n\n');
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

const errorOf = (share: number, number: number): number => Math.sqrt(Math.max(share, 1 / number) / number);
const percent = (share: number): string => `${Number((100 * share).toFixed(2))}%`;
const blamed = ({ blamed: share }: Found): string => percent(share);
const minutes = ({ minutes: after }: Found): string => (after > MINUTES ? `>${MINUTES}` : `${after}`);

/** How exact it is, in a sentence. */
export function accuracy(rows: readonly Row[]): string {
  const runs = (ofGood: boolean) => {
    const numbers = rows
      .filter((row) => (row.case.scenario.fault === null) === ofGood)
      .map((row) => row.case.runs);
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)].map((number) =>
      number.toLocaleString('en-US'),
    );
    return least === most ? least : `${least} to ${most}`;
  };
  const ours = rows.map(({ case: { scenario, runs: number }, found }) => ({
    scenario,
    number,
    found: found.at(-1),
  }));
  const blame = Math.max(
    ...ours.flatMap(({ scenario, number, found }) =>
      scenario.fault === null && found !== undefined ? [errorOf(found.blamed, number)] : [],
    ),
  );
  const late = Math.max(
    ...ours.flatMap(({ scenario, found }) =>
      scenario.fault !== null && found !== undefined && found.minutes <= MINUTES ? [found.standardError] : [],
    ),
  );
  return (
    `${runs(true)} rollouts for each line of the first table, ${runs(false)} of the others. Standard errors of this judge's ` +
    `column: ${percent(blame)} at most, and ${Number(late.toFixed(1))} minutes at most.`
  );
}
