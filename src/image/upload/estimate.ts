import { SECOND, type Milliseconds } from '../../core/time/clock.ts';

/** Sizes of the uncompressed layers of an image, in bytes. */
export interface LayerSizes {
  readonly all: number;
  /** Of those that this build made: the engine must compress them. */
  readonly fresh: number;
  /** Of those that ecs-ramp uploaded earlier: the engine does not know that the registry has them. */
  readonly uploadedBefore: number;
}

/**
 * Whether ecs-ramp uploads the layers sooner than the engine. The engine reads only the layers that it
 * does not find in the registry, but compresses them slowly, on one core each. ecs-ramp must read all.
 */
export function isUploadFaster({ all, fresh, uploadedBefore }: LayerSizes): boolean {
  const byEngine = (fresh + uploadedBefore) / ENGINE_COMPRESSES;
  const byUs = all / WE_READ + (all - uploadedBefore) / WE_COMPRESS;
  return byEngine > SHORT && byUs < byEngine;
}

/** Whether an image of this size, in bytes, can take the engine long. */
export function isWorthAnEstimate(all: number): boolean {
  return all / ENGINE_COMPRESSES > SHORT;
}

/** In bytes per millisecond, on two cores: docs/performance.md. */
const ENGINE_COMPRESSES = 25_000;
const WE_READ = 100_000;
const WE_COMPRESS = 80_000;

/** Not worth another way. */
const SHORT: Milliseconds = 2 * SECOND;
