import type { Clients } from '../../aws/clients.ts';
import type { Request } from '../../core/request.ts';
import type { Notice } from '../../core/trail/event.ts';
import type { ServiceFacts } from '../traffic/service-facts.ts';
import { expectedInWords, expectedSteps, tooQuiet, trafficInWords } from './expected-time.ts';
import { readPastTraffic } from './past-traffic.ts';

interface Context {
  readonly clients: Clients;
  readonly now: number;
}

/**
 * A warning when a good release would end inconclusive because the service is quiet. A dry run gets
 * the expected times in any case. `null` when there is nothing to say, or when the traffic cannot be
 * read: the preflight reports that.
 */
export async function expectedTimeNotice(
  { rollout, dryRun = false }: Pick<Request, 'rollout'> & Partial<Pick<Request, 'dryRun'>>,
  { name, routing, strategy }: ServiceFacts,
  { clients, now }: Context,
): Promise<Notice | null> {
  const isJudged = strategy === 'canary' && rollout.steps.some((step) => step < 100);
  if (routing.kind !== 'two-groups' || !isJudged) return null;
  const { metricDelay } = rollout.judging;
  const times = { now, metricDelay };
  const traffic = await readPastTraffic(await clients.cloudWatch(), routing, times).catch(() => null);
  if (traffic === null) return null;
  const warning = tooQuiet(name, rollout, traffic);
  if (warning !== null) return { kind: 'notice', level: 'warning', message: warning };
  if (!dryRun) return null;
  const expected = expectedInWords(expectedSteps(rollout, traffic));
  return { kind: 'notice', level: 'notice', message: `${trafficInWords(name, traffic)} ${expected}.` };
}
