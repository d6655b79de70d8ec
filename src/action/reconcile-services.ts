import { cleanedUpInWords, cleanUpIfAsked } from '../clean-up/clean-up.ts';
import type { reconcile as described } from '../inputs/actions/reconcile.ts';
import type { Asked } from '../inputs/inputs.ts';
import {
  happeningInWords,
  reconcile,
  reconciledInWords,
  worstOf,
  type Reconciled,
} from '../reconcile/reconcile.ts';
import { escaped, table, type Markdown } from '../report/markdown.ts';
import type { Result } from './result.ts';
import type { RunnerWorld } from './runner-world.ts';

type Described = typeof described;

/** What reconcile/ does: the job is red where a person is needed. */
export async function reconcileServices(
  { values }: Asked<Described['definitions']>,
  { connect, clock, run, log }: RunnerWorld,
): Promise<Result<keyof Described['outputs']>> {
  const clients = connect();
  const services = await reconcile(
    { clusters: values.cluster, services: values.service, dryRun: values['dry-run'] },
    {
      clients,
      clock,
      run,
      tell(service, happening) {
        for (const line of happeningInWords(service, happening, clock.now())) log.say(line);
      },
    },
  );
  for (const line of reconciledInWords(services)) log.say(line);
  const wanted = {
    clusters: values.cluster,
    services: values.service,
    keepRevisions: values['keep-revisions'],
    dryRun: values['dry-run'],
  };
  const cleaned = await cleanUpIfAsked(wanted, clients);
  for (const line of cleanedUpInWords(cleaned, wanted)) log.say(line);
  const state = worstOf(services);
  return {
    green: state !== 'dirty',
    outputs: {
      state,
      services: JSON.stringify(services),
      'deregistered-task-definitions': JSON.stringify(cleaned.flatMap(({ deregistered }) => deregistered)),
    },
    summary: [
      summaryOf(services),
      ...cleanedUpInWords(cleaned, wanted).map((line) => `- ${escaped(line)}`),
      '',
    ].join('\n'),
    annotations: services
      .filter((service) => service.state === 'dirty')
      .map(({ cluster, service, reason }) => ({
        level: 'error',
        title: `${cluster}/${service}`,
        message: reason,
      })),
  };
}

const MARKS = { clean: '✅', 'in progress': '⏳', finished: '✅', undone: '↩️', dirty: '❌' } as const;

/** The services that something was found on; the others are counted. */
function summaryOf(services: readonly Reconciled[]): Markdown {
  const found = services.filter(({ state }) => state !== 'clean');
  const rows = found.map(({ cluster, service, state, reason }) => [
    `${MARKS[state]} ${escaped(`${cluster}/${service}`)}`,
    state,
    escaped(reason, 1_000),
  ]);
  return [
    '## What runs that died left behind',
    `${services.length - found.length} of ${services.length} services are clean.`,
    ...(rows.length === 0 ? [] : [table(['Service', 'State', 'Why'], rows)]),
    '',
  ].join('\n\n');
}
