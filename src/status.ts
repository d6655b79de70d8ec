import { runMainStep } from './action/main-step.ts';
import { statusAction } from './inputs/actions/status.ts';

await runMainStep(statusAction, async ({ values, workspace }, { connect, clock, env, log }) => {
  const [
    { readStatus },
    { statusInWords, statusSummary, unreadInWords },
    { isDrifted },
    { createAskBranch },
  ] = await Promise.all([
    import('./commands/status/status.ts'),
    import('./commands/status/messages.ts'),
    import('./commands/status/service-status.ts'),
    import('./commands/drift/branch.ts'),
  ]);
  const now = clock.now();
  const askBranch = createAskBranch({ folder: workspace, env });
  const found = await readStatus(values, { clients: connect(), now, askBranch });
  const { services, unread } = found;
  const lines = services.flatMap((each) => statusInWords(each, now));
  for (const line of [...lines, ...unreadInWords(unread)]) log.say(line);
  const serving = services.length === 1 ? services[0]?.revisions[0] : undefined;
  return {
    green: !services.some(isDrifted),
    outputs: {
      services: JSON.stringify(services),
      'task-definition-arn': serving?.taskDefinitionArn ?? '',
      commit: serving?.commit ?? '',
      'in-progress': String(services.some(({ deployment }) => deployment !== null)),
    },
    summary: statusSummary(found, now),
    annotations: services.flatMap(({ service, drift, leftBehind }) =>
      [drift, leftBehind].flatMap((message) =>
        message === null ? [] : [{ level: 'error', title: service, message }],
      ),
    ),
  };
});
