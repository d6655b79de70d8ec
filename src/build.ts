import { runMainStep } from './action/main-step.ts';
import { buildAction } from './inputs/actions/build.ts';
import { buildRequest } from './inputs/assemble.ts';

await runMainStep(buildAction, async (parsed, context) => {
  const image = buildRequest(parsed);
  const room = await import('./commands/build/build.ts');
  const built = await room.buildAndReport({ image, source: parsed.source }, context);
  return {
    green: true,
    outputs: {
      image: built.image.reference,
      'image-digest': built.image.digest,
      tags: built.image.tags.join('\n'),
      reused: String(built.reused),
    },
    summary: built.summary,
  };
});
