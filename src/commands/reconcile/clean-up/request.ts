import type { RetentionRequest } from '../../../inputs/maintenance.ts';

export interface CleanUpRequest {
  readonly charges: readonly RetentionRequest[];
  /** Changes nothing. */
  readonly dryRun: boolean;
}
