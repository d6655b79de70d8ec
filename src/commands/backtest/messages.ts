import { inUnits } from '../../core/time/duration.ts';
import { countInWords, percent } from '../../judge/words.ts';
import { MINUTE } from '../../core/time/clock.ts';
import type { Fault, Backtest } from './model.ts';
import { textTable } from './table.ts';

/** A replay for people. */
export function backtestInWords(
  replay: Backtest & { readonly service: string; readonly cluster: string },
): readonly string[] {
  const { service, cluster, from, to, traffic, terms, rolledBackForNothing, passed, faults } = replay;
  const judged = traffic.latency ? 'errors and latency' : 'errors only: there is no latency to compare with';
  const { count: times, rollouts, atMost } = rolledBackForNothing;
  return [
    `Service ${service} of cluster ${cluster} from ${from} to ${to}: ${countInWords(traffic.requestsPerMinute)} requests a minute, ${percent(traffic.errorRate)} of them failed.`,
    `${countInWords(rollouts)} rollouts of ${length(terms.lengthMinutes)} were pretended in that time, with ${terms.sharePercent}% of the requests to a new version, judged by ${judged}.`,
    '',
    'A new version as good as the old one:',
    `  rolled back for nothing: ${countInWords(times)} of ${countInWords(rollouts)} (${percent(times / rollouts)}; with 95% confidence at most ${percent(atMost)})`,
    `  first step passed within ${length(terms.stepTimeoutMinutes)}: ${percent(passed.share)}, half of all within ${orLonger(passed.medianMinutes, terms.lengthMinutes)}`,
    '',
    'A fault in it would have lived, from the first request to the rollback:',
    ...textTable([
      ['  requests that fail', 'half of the times', '9 of 10 times', 'rolled back'],
      ...faults.map((fault) => faultRow(fault, terms.lengthMinutes)),
    ]),
    '',
    `Settings: ${Object.entries(terms.settings)
      .map(([name, value]) => `${name}=${value}`)
      .join(', ')}`,
    `What to do: ${replay.recommendation}`,
    'Requests were parted by lot, so that hosts that differ from each other and sticky sessions do not show here.',
  ];
}

const faultRow = (
  { errorRate, medianMinutes, ninetyPercentMinutes, found, rollouts }: Fault,
  end: number,
): readonly string[] => [
  `  ${percent(errorRate)}`,
  orLonger(medianMinutes, end),
  orLonger(ninetyPercentMinutes, end),
  percent(found / rollouts),
];

const length = (minutes: number): string => inUnits(Math.round(minutes * MINUTE));

const orLonger = (minutes: number | null, end: number): string =>
  minutes === null ? `over ${length(end)}` : length(minutes);
