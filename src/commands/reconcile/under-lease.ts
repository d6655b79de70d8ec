import type { ECSClient } from '@aws-sdk/client-ecs';
import { createLease, type Lease } from '../../aws/lease/lease.ts';
import type { ServiceRef } from '../../core/service-ref.ts';
import type { Run } from '../../core/run.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { NewEvent } from '../../core/trail/event.ts';
import { UserError } from '../../core/failure.ts';

interface LeaseContext {
  readonly ecs: ECSClient;
  readonly clock: Clock;
  readonly run: Run;
  readonly service: ServiceRef;
  readonly tell: (event: NewEvent) => void;
}

/**
 * A lease on the service for this run, without waiting; as text, which other run has it. Rejects
 * with UserError.
 */
export async function claimLease(context: LeaseContext): Promise<Lease | string> {
  const lease = createLease({ ...context, onConflict: 'fail', patience: 0 });
  try {
    await lease.claim(NEVER);
    if (await lease.held()) return lease;
    lease.end();
    return 'another run has just started on it';
  } catch (error) {
    lease.end();
    // Errors from AWS have a cause.
    if (error instanceof UserError && error.cause === undefined) return error.message;
    throw error;
  }
}

const NEVER = new AbortController().signal;
