import { runMainStep } from './action/main-step.ts';
import { statusAction } from './inputs/actions/status.ts';

await runMainStep(statusAction, async ({ values }, { connect, clock, log }) => {
  const [{ readStatus }, { statusInWords, statusSummary }] = await Promise.all([
    import('./commands/status/status.ts'),
    import('./commands/status/messages.ts'),
  ]);
  const now = clock.now();
  const services = await readStatus(values, connect(), now);
  for (const line of services.flatMap((each) => statusInWords(each, now))) log.say(line);
  const serving = services.length === 1 ? services[0]?.revisions[0] : undefined;
  return {
    green: services.every(({ drift }) => drift === null),
    outputs: {
      services: JSON.stringify(services),
      'task-definition-arn': serving?.taskDefinitionArn ?? '',
      commit: serving?.commit ?? '',
      'in-progress': String(services.some(({ deployment }) => deployment !== null)),
    },
    summary: statusSummary(services, now),
    annotations: services.flatMap(({ service, drift }) =>
      drift === null ? [] : [{ level: 'error', title: service, message: drift }],
    ),
  };
});
