import { MOST_PARTS, MOST_WAVES } from '../../inputs/config/waves.ts';
import { MINUTE } from '../../core/time/clock.ts';
import { UserError } from '../../core/failure.ts';
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

/** The most jobs that GitHub takes from one matrix. */
export const MOST_JOBS = 256;

export interface Matrices {
  /** All services. */
  readonly all: Matrix;
  /** All services in `parts` matrices of at most 256 jobs. */
  readonly parts: readonly Matrix[];
  /** One matrix for each part of each wave: the parts of the first wave come first. */
  readonly waves: readonly Matrix[];
}

/**
 * For `strategy.matrix`. Each list of services is split into `parts` matrices, and the lists are
 * padded with empty ones. What does not fit stays in the last part. Pure.
 */
export function matrixOf({ touched, environment, idle }: Changes, parts = 1): Matrices {
  const deployed = idle === null ? touched : [];
  const matrix = (services: Changes['touched']): Matrix => ({
    include: services.map(({ service, reasons, longest }) => ({
      service,
      environment: environment ?? '',
      reason: reasons[0] ?? '',
      'timeout-minutes': Math.ceil((longest + BUILD) / MINUTE),
    })),
  });
  const split = (services: Changes['touched']): Matrix[] =>
    Array.from({ length: parts }, (_, part) =>
      matrix(services.slice(part * MOST_JOBS, part === parts - 1 ? undefined : (part + 1) * MOST_JOBS)),
    );
  return {
    all: matrix(deployed),
    parts: split(deployed),
    waves: Array.from({ length: MOST_WAVES }, (_, index) =>
      split(deployed.filter(({ wave }) => wave === index + 1)),
    ).flat(),
  };
}

/** Throws UserError if GitHub would not take one of the matrices. */
export function checkMatrices({ all, parts, waves }: Matrices): void {
  if ([...parts, ...waves].every(({ include }) => include.length <= MOST_JOBS)) return;
  const needed = Math.ceil(all.include.length / MOST_JOBS);
  const fix =
    needed <= MOST_PARTS
      ? `Set parts to ${needed} and give the workflow a job for each part, as the workflow deploy.yml of ecs-ramp has for ${WORKFLOW_PARTS}`
      : `Split ${all.include.length} services over several files`;
  throw new UserError(
    `${all.include.length} services are to be deployed, and GitHub takes at most ${MOST_JOBS} jobs from one matrix: with parts: ${parts.length}, ${parts.length * MOST_JOBS} services. ${fix}; or deploy fewer at once, with a commit nearer to this one as base. Nothing is deployed.`,
  );
}

/** The parts in the workflow deploy.yml of ecs-ramp. */
const WORKFLOW_PARTS = 2;
