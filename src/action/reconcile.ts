import type { reconcileAction as described } from '../inputs/actions/reconcile.ts';
import type { ParsedInputs } from '../inputs/rule.ts';
import { maintenanceRounds } from '../inputs/maintenance.ts';
import { escaped, table, type Markdown } from '../report/markdown.ts';
import { cleanedUpInWords } from '../commands/reconcile/clean-up/clean-up.ts';
import { deletedInWords } from '../commands/reconcile/clean-up/images.ts';
import { eventInWords, reconciledInWords, worstOf } from '../commands/reconcile/messages.ts';
import { createAskBranch } from '../commands/drift/branch.ts';
import { maintain } from '../commands/reconcile/maintenance.ts';
import type { Reconciled } from '../commands/reconcile/reconciled.ts';
import { createReconcileReports } from './reconcile-reports.ts';
import type { Result } from './result.ts';
import type { ActionContext } from './runner.ts';

type Described = typeof described;

/** The action reconcile/. The job fails if a service requires manual action. */
export async function runReconcile(
  parsed: ParsedInputs<Described['definitions']>,
  { connectAs, clock, env, run, log }: ActionContext,
): Promise<Result<keyof Described['outputs']>> {
  const reports = createReconcileReports(clock);
  const manner = { dryRun: parsed.values['dry-run'], repair: parsed.values.repair };
  const { services, cleanedUp, deletedImages } = await maintain(await maintenanceRounds(parsed), manner, {
    connect: connectAs,
    clock,
    run,
    askBranch: createAskBranch({ folder: parsed.workspace, env }),
    onUnread: (reason) => log.say(`not compared: ${reason}`),
    tell(service, event) {
      reports.tell(service, event);
      for (const line of eventInWords(service, event, clock.now())) log.say(line);
    },
  });
  const cleaned = [...cleanedUpInWords(cleanedUp, manner), ...deletedInWords(deletedImages, manner)];
  for (const line of [...reconciledInWords(services), ...cleaned]) log.say(line);
  const state = worstOf(services);
  return {
    green: state !== 'dirty',
    outputs: {
      state,
      services: JSON.stringify(services),
      'deregistered-task-definitions': JSON.stringify(cleanedUp.flatMap(({ deregistered }) => deregistered)),
      'deleted-images': JSON.stringify(
        deletedImages.flatMap(({ repository, deleted }) =>
          deleted.map(({ digest }) => `${repository}@${digest}`),
        ),
      ),
    },
    summary: [
      summaryOf(services),
      ...cleaned.map((line) => `- ${escaped(line)}`),
      ...reports.summaries(),
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

const MARKS = {
  clean: '✅',
  'in progress': '⏳',
  finished: '✅',
  undone: '↩️',
  repaired: '🔧',
  dirty: '❌',
} as const;

/** Lists the services that are not clean, and the number of clean ones. */
function summaryOf(services: readonly Reconciled[]): Markdown {
  const found = services.filter(({ state }) => state !== 'clean');
  const rows = found.map(({ cluster, service, state, reason }) => [
    `${MARKS[state]} ${escaped(`${cluster}/${service}`)}`,
    state,
    escaped(reason, 1_000),
  ]);
  return [
    '## Reconciliation of services',
    `${services.length - found.length} of ${services.length} services are clean.`,
    ...(rows.length === 0 ? [] : [table(['Service', 'State', 'Why'], rows)]),
    '',
  ].join('\n\n');
}
