import { runMainStep } from './action/main-step.ts';
import { changesAction } from './inputs/actions/changes.ts';

await runMainStep(changesAction, async (parsed, { log }) => {
  const [
    { changesRequest: changesAsked },
    { findChanges },
    { checkMatrices, matrixOf, MOST_JOBS },
    { changesInWords, changesSummary },
  ] = await Promise.all([
    import('./commands/changes/from-inputs.ts'),
    import('./commands/changes/changes.ts'),
    import('./commands/changes/matrix.ts'),
    import('./commands/changes/messages.ts'),
  ]);
  const found = await findChanges(await changesAsked(parsed));
  for (const line of changesInWords(found)) log.say(line);
  const matrices = matrixOf(found, parsed.values.parts);
  checkMatrices(matrices);
  const { all, parts, waves } = matrices;
  return {
    green: true,
    outputs: {
      any: String(all.include.length > 0),
      matrix: all.include.length > MOST_JOBS ? '' : JSON.stringify(all),
      matrices: JSON.stringify(parts),
      waves: JSON.stringify(waves),
      services: JSON.stringify(found.touched.map(({ service }) => service)),
      environment: found.environment ?? '',
      removed: JSON.stringify(found.gone),
    },
    summary: changesSummary(found),
    annotations:
      found.warning === null ? [] : [{ level: 'warning', title: 'ecs-ramp changes', message: found.warning }],
  };
});
