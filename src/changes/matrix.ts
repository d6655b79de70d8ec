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

/** GitHub makes no more jobs of one matrix. */
export const MOST_JOBS = 256;

/** For `strategy.matrix`: all at once, and wave by wave. Pure. */
export function matrixOf({ touched, environment }: Changes): {
  readonly all: Matrix;
  readonly waves: readonly Matrix[];
} {
  const entry = ({ service, reasons }: Changes['touched'][number]): MatrixEntry => ({
    service,
    environment: environment ?? '',
    reason: reasons[0] ?? '',
  });
  const waves = Math.max(0, ...touched.map(({ wave }) => wave));
  return {
    all: { include: touched.map(entry) },
    waves: Array.from({ length: waves }, (_, index) => ({
      include: touched.filter(({ wave }) => wave === index + 1).map(entry),
    })),
  };
}
