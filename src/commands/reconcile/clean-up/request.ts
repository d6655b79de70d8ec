import type { RetentionRequest } from '../../../inputs/maintenance.ts';

export interface CleanUpRequest {
  readonly charges: readonly RetentionRequest[];
  /** Only tells. */
  readonly dryRun: boolean;
}
