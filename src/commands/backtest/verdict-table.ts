import type { Counts, Recording } from '../../judge/recording.ts';
import type { Verdict } from '../../judge/verdict.ts';
import { about, countInWords, percent } from '../../judge/words.ts';
import { verdictsSoFar } from './so-far.ts';
import { textTable } from './table.ts';

/** A verdict as text, followed by a table of the data after each period. */
export function verdictTable(recording: Recording, verdict: Verdict): readonly string[] {
  const { evidence, minute, because } = verdict;
  const periodName = recording.period === 60 ? 'minute' : 'period';
  const when = minute === -1 ? '' : ` at ${periodName} ${minute}`;
  const said = [`${verdict.verdict}${when}: ${because}`];
  if (evidence.length === 0) return said;
  const soFar = verdictsSoFar(recording, evidence);
  const minutes = new Map(recording.minutes.map((minute) => [minute.t, minute]));
  const rows = evidence.map(({ t, judged, total, good, share }, index) => {
    const { canary, stable } = minutes.get(t) ?? {};
    return [
      String(t),
      ...[canary, stable].flatMap((arm) => [requests(arm), errors(arm)]),
      share === null ? '-' : percent(share),
      factor(total),
      judged ? factor(good) : '-',
      judged || soFar[index] === 'rollback' ? (soFar[index] ?? '') : 'warming up',
    ];
  });
  return [
    ...said,
    '',
    ...textTable(
      [[periodName, 'new', 'errors', 'old', 'errors', 'share', 'bad', 'good', 'so far'], ...rows],
      [8],
    ),
    '',
    'new, old: requests to the new and the old revision, and how many of them failed; share: share of the requests to the new revision.',
    'bad: how many times more likely the data are if the new revision is worse; good: if it is good enough to continue.',
  ];
}

const requests = (arm: Counts | undefined): string => (arm === undefined ? '-' : countInWords(arm.requests));
const errors = (arm: Counts | undefined): string =>
  arm?.errors === undefined ? '-' : countInWords(arm.errors);

function factor(times: number): string {
  if (times > 1e6) return '> 1 million';
  return times < 0.01 ? '< 0.01' : about(times);
}
