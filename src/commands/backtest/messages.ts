import { inUnits } from '../../core/time/duration.ts';
import { countInWords, percent } from '../../judge/words.ts';
import { MINUTE, SECOND } from '../../core/time/clock.ts';
import type { Fault, Backtest } from './model.ts';
import { textTable } from './table.ts';

/** The result of a backtest as text. */
export function backtestInWords(
  replay: Backtest & { readonly service: string; readonly cluster: string },
): readonly string[] {
  const { service, cluster, from, to, traffic, terms, rolledBackForNothing, passed, faults } = replay;
  const judged = traffic.latency ? 'errors and latency' : 'errors only: there is no latency to compare with';
  const { count: times, rollouts, atMost } = rolledBackForNothing;
  return [
    `Service ${service} of cluster ${cluster} from ${from} to ${to}: ${countInWords(traffic.requestsPerMinute)} requests per minute, ${percent(traffic.errorRate)} of them failed.`,
    `${countInWords(rollouts)} rollouts of ${length(terms.lengthMinutes)} were simulated in that time, with ${terms.sharePercent}% of the requests to a new revision, evaluated by ${judged}.`,
    '',
    'If the new revision is as good as the old one:',
    `  false rollbacks: ${countInWords(times)} of ${countInWords(rollouts)} (${percent(times / rollouts)}; with 95% confidence at most ${percent(atMost)})`,
    `  first step passed within ${length(terms.stepTimeoutMinutes)}: ${percent(passed.share)}, half of them within ${orLonger(passed.medianMinutes, terms.lengthMinutes)}`,
    '',
    'If the new revision has a fault, time from the first request to the rollback:',
    ...textTable([
      ['  failing requests', 'in half of cases', 'in 90% of cases', 'rolled back'],
      ...faults.map((fault) => faultRow(fault, terms.lengthMinutes)),
    ]),
    '',
    `Settings: ${settingsInWords(terms)}`,
    `Recommendation: ${replay.recommendation}`,
    'Requests were assigned to the revisions at random: differences between hosts and sticky sessions do not show here.',
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

/** With the names and units of the inputs. */
function settingsInWords({ settings, periodSeconds }: Backtest['terms']): string {
  const { warmUp, metricDelay, ...others } = settings;
  return [
    ...Object.entries(others).map(([name, value]) => [kebab(name), value] as const),
    ...Object.entries({ warmUp, metricDelay }).map(
      ([name, periods]) => [kebab(name), inUnits(periods * periodSeconds * SECOND)] as const,
    ),
  ]
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
