import { DescribeServicesCommand, TagResourceCommand, type ECSClient, type Tag } from '@aws-sdk/client-ecs';
import { nameOfArn } from '../../core/arn.ts';
import { withTimeout } from '../../aws/with-timeout.ts';
import { ACT_LIMIT } from '../../aws/lease/times.ts';
import type { Lease } from '../../aws/lease/lease.ts';
import type { Clock } from '../../core/time/clock.ts';
import { gateIn, gateTags, type WrittenGate } from '../traffic/gate-tag.ts';
import type { GateAnswer } from './answer.ts';
import type { ServiceRef } from '../../core/service-ref.ts';

/** Answers by people, from `ecs-ramp continue` and `ecs-ramp abort`. */
export interface Approvals {
  /** The command that approves. */
  readonly command: string;
  /**
   * Writes on the service that the step waits until this time, unless somebody has already
   * answered. Resolves to the answer. Rejects with UserError.
   */
  ask(percent: number, until: number): Promise<GateAnswer>;
  /**
   * Who aborted the deployment, and why; `null` when nobody did or it cannot be read. Never
   * rejects.
   */
  aborted(): Promise<string | null>;
}

export interface ApprovalsOptions {
  readonly ecs: ECSClient;
  readonly clock: Clock;
  readonly lease: Lease;
  readonly service: ServiceRef & { readonly serviceArn: string };
  /** The service deployment's ARN. */
  readonly deployment: string;
}

export function createApprovals({ ecs, clock, lease, service, deployment }: ApprovalsOptions): Approvals {
  const of = nameOfArn(deployment);

  async function read(): Promise<WrittenGate | null> {
    const described = await ecs.send(
      new DescribeServicesCommand({
        cluster: service.cluster,
        services: [service.name],
        include: ['TAGS'],
      }),
    );
    const written = gateIn(described.services?.[0]?.tags ?? []);
    return written?.deployment === of ? written : null;
  }

  return {
    command: `ecs-ramp continue --service ${service.name} --cluster ${nameOfArn(service.cluster)}`,
    async ask(percent, until) {
      const written = await read();
      if (written?.says === 'aborted') return { said: 'fail', problem: abortedInWords(written) };
      if (written?.percent === percent) {
        return written.says === 'approved'
          ? { said: 'pass', because: `approved by ${written.by}` }
          : { said: 'wait' };
      }
      await lease.confirm().catch((error: unknown) => {
        if (lease.takenBy === null) throw error;
      });
      // The run that took over writes its own gate.
      if (lease.takenBy !== null) return { said: 'wait' };
      const tags: Tag[] = gateTags({
        says: 'waiting',
        percent,
        deployment: of,
        at: until,
        by: '',
        reason: null,
      });
      await withTimeout(clock, ACT_LIMIT, (bound) =>
        ecs.send(new TagResourceCommand({ resourceArn: service.serviceArn, tags }), bound),
      );
      return { said: 'wait' };
    },
    async aborted() {
      const written = await read().catch(() => null);
      return written?.says === 'aborted' ? abortedInWords(written) : null;
    },
  };
}

function abortedInWords({ by, reason }: WrittenGate): string {
  return `aborted by ${by}${reason === null ? '' : `: ${reason}`}`;
}
