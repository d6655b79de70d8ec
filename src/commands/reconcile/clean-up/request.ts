import type { Charge } from '../../../inputs/maintenance.ts';

export interface CleanUpRequest {
  readonly charges: readonly Charge[];
  /** Only tells. */
  readonly dryRun: boolean;
}
