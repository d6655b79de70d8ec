import { sessionTooShort, type SessionTooShort } from '../../aws/credentials/session-end.ts';
import type { RolloutRequest } from '../../core/request.ts';
import { planTime } from '../../rollout/strategies/strategies.ts';
import type { ServiceFacts } from '../../rollout/traffic/service-facts.ts';
import type { DeployContext } from './context.ts';
import { UserError } from '../../core/failure.ts';

type Ports = Pick<DeployContext, 'sessionEnd' | 'clock' | 'tell'>;

/** The preflight's answer, with what is to be said of a session that the rollout may outlast: a warning, or one problem more. */
export async function checkSessionLength(
  looking: Promise<ServiceFacts>,
  plan: RolloutRequest,
  ports: Ports,
): Promise<ServiceFacts> {
  const short = shortSession(plan, ports);
  if (short === null) return looking;
  try {
    const service = await looking;
    // What an earlier run has left may be a rollout to carry on, with part of its way behind it.
    if (short.certain && !service.leftOver) throw new UserError([]);
    ports.tell({ kind: 'notice', level: 'warning', message: short.inWords });
    return service;
  } catch (error) {
    if (!short.certain || !(error instanceof UserError)) throw error;
    throw new UserError([...error.problems, short.inWords]);
  }
}

/** The last moment to find it out: nothing has been started, and the build has taken its time. Throws UserError. */
export function refuseShortSession(plan: RolloutRequest, ports: Ports): void {
  const short = shortSession(plan, ports);
  if (short?.certain) throw new UserError(`${short.inWords} Nothing was started.`);
}

/** Null: nothing says that a rollout that begins now would outlast the credentials. */
function shortSession(plan: RolloutRequest, { sessionEnd, clock }: Ports): SessionTooShort | null {
  return sessionTooShort(sessionEnd, planTime(plan), clock.now());
}
