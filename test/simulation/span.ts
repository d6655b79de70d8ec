import type { Milliseconds } from '../../src/core/time/clock.ts';

export interface Span {
  readonly from: Milliseconds;
  readonly to: Milliseconds;
}
