import { isDeepStrictEqual } from 'node:util';
import type { Health } from '../health/health.ts';
import type { Phase, Traffic } from '../traffic/traffic-mover.ts';
import { SECOND } from '../../core/time/clock.ts';
import { openInterruption } from '../health/interruption.ts';
import type { Decision, Observation } from '../observation.ts';
import type { Glance, Scope } from '../scope.ts';

/**
 * Each shows that a task is missing, so one of them at a time is enough. Only the stopped tasks still
 * show it after ECS has replaced the task.
 */
const TURNS: readonly Glance[] = ['tasks', 'deployment', 'tasks', 'targets'];

/** Before a time at which ECS acts by itself, the deployment is read in every observation. */
const BEFORE_ECS_ACTS = 30 * SECOND;

/** Chooses what the next observation reads: less while nothing happens. */
export class Attention {
  #isQuiet = false;
  #turn = 0;
  #isEarly = false;

  /** Whether the rollout only waits for time and evidence. */
  get isQuiet(): boolean {
    return this.#isQuiet;
  }

  note(seen: Observation, decision: Decision): void {
    this.#isQuiet = decision.do === 'wait' && isQuiet(seen);
  }

  /** Something failed, or somebody asked for something. */
  wake(): void {
    this.#isQuiet = false;
  }

  /** The next observation comes before its usual time, only because metrics or a time are due. */
  comesEarly(isEarly: boolean): void {
    this.#isEarly = isEarly;
  }

  next(): Scope {
    if (!this.#isQuiet) return 'due';
    if (this.#isEarly) return 'metrics';
    this.#turn = (this.#turn + 1) % TURNS.length;
    return TURNS[this.#turn]!;
  }
}

/** What was known before a glance, and what it shows. */
export interface Glanced {
  readonly traffic: Traffic | null;
  readonly health: Health | null;
}

/** Whether a glance shows what was known before. Pure. */
export function isSame(before: Glanced, now: Glanced): boolean {
  return isDeepStrictEqual(signsOf(before), signsOf(now));
}

function signsOf({ traffic, health }: Glanced) {
  return {
    phase: traffic?.phase,
    percent: traffic?.percent,
    verifiedPercent: traffic?.verifiedPercent,
    pause: traffic?.pause?.id,
    arms: health?.arms,
    failed: [health?.crashed.canary.length, health?.crashed.stable.length],
    taken: [health?.taken.canary.length, health?.taken.stable.length],
  };
}

/** Phases in which ECS does nothing by itself for minutes. */
const STILL: ReadonlySet<Phase> = new Set(['paused', 'keeping-old', 'baking']);

/** Whether nothing happens and nothing speaks against the release. Pure. */
export function isQuiet(seen: Observation): boolean {
  const { traffic, health, now } = seen;
  return (
    STILL.has(traffic.phase) &&
    traffic.pause?.again === undefined &&
    (traffic.verifiedPercent === null || traffic.verifiedPercent === traffic.percent) &&
    untilEcsActs(traffic, now) > BEFORE_ECS_ACTS &&
    health.canary.running >= health.canary.desired &&
    health.canary.unhealthyTargets === 0 &&
    health.canary.healthyTargets > 0 &&
    seen.crashes === 0 &&
    seen.unhealthy === null &&
    seen.alarm === null &&
    openInterruption(seen.interruptions) === null &&
    seen.shortage?.until !== null &&
    seen.shelter.status !== 'on' &&
    seen.rollback === null &&
    seen.cancelled === null &&
    seen.takenBy === null
  );
}

function untilEcsActs({ pause, keep, oldRevisionUntil }: Traffic, now: number): number {
  return Math.min(...[pause?.until, keep?.until, oldRevisionUntil].map((at) => at ?? Infinity)) - now;
}
