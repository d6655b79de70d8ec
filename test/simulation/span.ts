// A time span of a trial, in milliseconds since the start of the job.
import type { Milliseconds } from '../../src/core/time/clock.ts';

export interface Span {
  readonly from: Milliseconds;
  readonly to: Milliseconds;
}
