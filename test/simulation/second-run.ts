import type { Span } from './span.ts';
import type { Milliseconds } from '../../src/core/time/clock.ts';

/** Another run for the same service, which begins at about the same time. */
export interface SecondRun {
  readonly after: Milliseconds;
  readonly release: 'the same' | 'another';
  /** The first run reaches nothing of AWS meanwhile; the rival does. */
  readonly cutOff: Span | null;
}
