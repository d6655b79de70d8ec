import { sessionTooShort, type SessionTooShort } from '../../aws/credentials/session-end.ts';
import type { RolloutRequest } from '../../core/request.ts';
import { planTime } from '../../rollout/strategies/strategies.ts';
import type { ServiceFacts } from '../../rollout/traffic/service-facts.ts';
import type { DeployContext } from './context.ts';
import { UserError } from '../../core/failure.ts';

type Ports = Pick<DeployContext, 'sessionEnd' | 'clock' | 'tell'>;

/**
 * Adds a warning or a problem to the preflight if the credentials may expire during the rollout.
 */
export async function checkSessionLength(
  looking: Promise<ServiceFacts>,
  plan: RolloutRequest,
  ports: Ports,
): Promise<ServiceFacts> {
  const short = shortSession(plan, ports);
  if (short === null) return looking;
  try {
    const service = await looking;
    // An earlier run may have left a rollout to continue, which takes less time.
    if (short.certain && !service.leftOver) throw new UserError([]);
    ports.tell({ kind: 'notice', level: 'warning', message: short.inWords });
    return service;
  } catch (error) {
    if (!short.certain || !(error instanceof UserError)) throw error;
    throw new UserError([...error.problems, short.inWords]);
  }
}

/** Checks again after the build, before the rollout starts. Throws UserError. */
export function refuseShortSession(plan: RolloutRequest, ports: Ports): void {
  const short = shortSession(plan, ports);
  if (short?.certain) throw new UserError(`${short.inWords} Nothing was started.`);
}

/** `null` if the credentials are not known to expire during a rollout that starts now. */
function shortSession(plan: RolloutRequest, { sessionEnd, clock }: Ports): SessionTooShort | null {
  return sessionTooShort(sessionEnd, planTime(plan), clock.now());
}
