import type { JobContext } from '../run/deploy-one.ts';
import { buildOrReuseImage } from '../deploy/choose-image.ts';
import type { Image } from '../../image/image.ts';
import type { BuildRequest, Source } from '../../core/request.ts';
import { logLines } from '../../report/log.ts';
import { renderBuildSummary } from '../../report/build-summary.ts';
import { maskedIn } from '../../core/secrecy/masks.ts';
import { withoutSecrets } from '../../core/secrecy/secret-text.ts';
import type { Event } from '../../core/trail/event.ts';

export interface BuildOutcome {
  readonly image: Image;
  /** `true` if the repository already had the image. */
  readonly reused: boolean;
  /** For the job summary. */
  readonly summary: string;
}

/** Builds and pushes the image, or reuses one of the same commit. Rejects with UserError. */
export async function buildAndReport(
  { image: request, source }: { readonly image: BuildRequest; readonly source: Source },
  { connect, ...ports }: JobContext,
): Promise<BuildOutcome> {
  const events: Event[] = [];
  const image = await buildOrReuseImage(
    { image: request, source },
    {
      ...ports,
      // A private registry needs nothing of AWS, not even a region.
      clients: { ecr: (region) => connect().ecr(region) },
      tell(newEvent) {
        const event = { ...maskedIn(newEvent, withoutSecrets), at: ports.clock.now() };
        events.push(event);
        for (const line of logLines(event)) ports.log.say(line);
      },
    },
  );
  const reused = events.some((event) => event.kind === 'built' && event.reused);
  return { image, reused, summary: renderBuildSummary(events, source) };
}
