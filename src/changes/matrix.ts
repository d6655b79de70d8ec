import { MOST_WAVES } from '../inputs/config/config.ts';
import type { Changes } from './changes.ts';

/** A job of `strategy.matrix`. */
export interface MatrixEntry {
  readonly service: string;
  /** Empty: the configuration has no environments. */
  readonly environment: string;
  readonly reason: string;
}

export interface Matrix {
  readonly include: readonly MatrixEntry[];
}

/** For `strategy.matrix`: all at once, and wave by wave, with empty ones up to the most there can be. Pure. */
export function matrixOf({ touched, environment, idle }: Changes): {
  readonly all: Matrix;
  readonly waves: readonly Matrix[];
} {
  const deployed = idle === null ? touched : [];
  const matrix = (services: Changes['touched']): Matrix => ({
    include: services.map(({ service, reasons }) => ({
      service,
      environment: environment ?? '',
      reason: reasons[0] ?? '',
    })),
  });
  return {
    all: matrix(deployed),
    waves: Array.from({ length: MOST_WAVES }, (_, index) =>
      matrix(deployed.filter(({ wave }) => wave === index + 1)),
    ),
  };
}
