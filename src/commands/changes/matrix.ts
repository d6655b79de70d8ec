import { MOST_WAVES } from '../../inputs/config/waves.ts';
import { MINUTE } from '../../core/time/clock.ts';
import type { Changes } from './changes.ts';

/** A job of `strategy.matrix`. */
export interface MatrixEntry {
  readonly service: string;
  /** Empty if the configuration has no environments. */
  readonly environment: string;
  readonly reason: string;
  /** For the job's `timeout-minutes`: the longest possible rollout, and time to build. */
  readonly 'timeout-minutes': number;
}

export interface Matrix {
  readonly include: readonly MatrixEntry[];
}

/** The time for the build, which only the job's timeout limits. */
const BUILD = 30 * MINUTE;

/** For `strategy.matrix`: all services, and one matrix per wave, padded with empty ones. Pure. */
export function matrixOf({ touched, environment, idle }: Changes): {
  readonly all: Matrix;
  readonly waves: readonly Matrix[];
} {
  const deployed = idle === null ? touched : [];
  const matrix = (services: Changes['touched']): Matrix => ({
    include: services.map(({ service, reasons, longest }) => ({
      service,
      environment: environment ?? '',
      reason: reasons[0] ?? '',
      'timeout-minutes': Math.ceil((longest + BUILD) / MINUTE),
    })),
  });
  return {
    all: matrix(deployed),
    waves: Array.from({ length: MOST_WAVES }, (_, index) =>
      matrix(deployed.filter(({ wave }) => wave === index + 1)),
    ),
  };
}
