// A second run for the same service, which starts shortly after the first one.
import type { Span } from './span.ts';
import type { Milliseconds } from '../../src/core/time/clock.ts';

export interface SecondRun {
  readonly after: Milliseconds;
  readonly release: 'the same' | 'another';
  /** Time in which the first run cannot reach AWS, but the second one can. */
  readonly cutOff: Span | null;
}
