import type { Service } from '@aws-sdk/client-ecs';
import type { Clients } from '../../aws/clients.ts';
import type { Run } from '../../core/run.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { NewEvent } from '../../core/trail/event.ts';
import type { AskBranch } from '../drift/branch.ts';

export interface ReconcileContext {
  readonly clients: Clients;
  readonly clock: Clock;
  readonly run: Run;
  /** Absent: releases are not compared with git. */
  readonly askBranch?: AskBranch;
  /** Receives events of a service, for the log. */
  readonly tell: (service: string, event: NewEvent) => void;
  /** Receives what could not be read and is therefore not compared. */
  readonly onUnread?: (reason: string) => void;
}

/** A service to reconcile. */
export interface FoundService {
  readonly cluster: string;
  readonly service: Service;
}
