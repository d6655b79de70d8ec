import type { Health } from './health/health.ts';
import { openInterruption } from './health/interruption.ts';
import { unhealthyReason } from './health/unhealthy.ts';
import { ENDED, isNews, type Traffic } from './traffic/traffic-mover.ts';
import type { StoppedTask } from '../core/trail/event.ts';
import type { Observation } from './observation.ts';
import { evaluatedEvent } from './evidence-event.ts';
import { createReadDeadline, type ReadDeadline } from './read-deadline.ts';
import type { Evaluation, SignalsRead } from './signals.ts';
import type { RolloutContext } from './context.ts';
import { isGlance, type Scope } from './scope.ts';
import { isSame } from './state/attention.ts';
import { trafficBeforeFirstLook, unseenHealth } from './unseen.ts';

/** What a decision can be based on when ECS does not return the deployment. */
export interface Guess {
  /** The last state that was observed. */
  readonly before: Traffic;
  readonly observation: Observation;
}

/** Reads AWS and creates one observation from the results. Keeps the last state. */
export class Observer {
  readonly #rollout: RolloutContext;
  #last: Traffic | null = null;
  #lastClose: Traffic | null = null;
  #wasClose = false;
  #health: Health | null = null;

  constructor(rollout: RolloutContext) {
    this.#rollout = rollout;
  }

  /** The last state that ECS returned; `null` before the first one. */
  get last(): Traffic | null {
    return this.#last;
  }

  /** Whether the last observation read everything again. */
  get wasClose(): boolean {
    return this.#wasClose;
  }

  /** The tasks of the new revision that failed, as of the last observation. */
  get crashed(): readonly StoppedTask[] {
    return this.#health?.crashed.canary ?? [];
  }

  /**
   * Makes one observation. When there is something new to decide, everything is read again in any
   * case.
   */
  async look(closely = false): Promise<Observation> {
    const { attention, cancellation } = this.#rollout.state;
    cancellation.hear();
    if (cancellation.isHeard) attention.wake();
    const scope = closely ? 'everything' : attention.next();
    const patience = createReadDeadline(this.#rollout.ports.clock);
    const hurry = () => {
      if (this.#isToUndo()) patience.hurry();
    };
    const stopListening = cancellation.listen(hurry);
    hurry();
    try {
      return await this.#look(scope, patience);
    } finally {
      stopListening();
      patience.end();
    }
  }

  async #look(scope: Scope, patience: ReadDeadline): Promise<Observation> {
    const { signals, state } = this.#rollout;
    const { step, rollback, finish, interruptions } = state;
    const before = { traffic: this.#last, health: this.#health };
    const traffic = await this.#observe(scope, patience);
    await signals.open();
    const isClose =
      scope === 'everything' ||
      ENDED.has(traffic.phase) ||
      (isNews(this.#lastClose, traffic) && !isArrival(traffic));
    step.note(traffic);
    const read = await this.#read(traffic, isClose ? 'everything' : scope, patience);
    // What was not read again is older than what the glance shows.
    if (isGlance(scope) && !isSame(before, { traffic, health: read.health })) {
      signals.discard(read);
      return this.#look('everything', patience);
    }
    this.#wasClose = isClose;
    if (isClose) this.#lastClose = traffic;
    this.#health = read.health;
    const isOutdated = rollback.requested === null && interruptions.note(traffic, read.health);
    this.#tell(read.look, traffic, read.health);
    if (rollback.requested === null) await patience.until(rollback.noteReturn(traffic, read.health));
    finish.note(traffic);
    // The next look judges without the time of the new interruption.
    return this.#observation(traffic, isOutdated ? { ...read, look: null } : read);
  }

  /** Reads the deployment from ECS, unless another signal is to be read alone. */
  async #observe(scope: Scope, patience: ReadDeadline): Promise<Traffic> {
    if (isGlance(scope) && scope !== 'deployment' && this.#last !== null) return this.#last;
    const { started, state } = this.#rollout;
    const { clock, mover } = this.#rollout.ports;
    const askedAt = clock.now();
    const traffic = await patience
      .until(mover.observe(scope === 'everything'))
      .finally(() => state.pollInterval.answeredIn(clock.now() - askedAt));
    if (traffic === null) throw new Error(`ECS does not show the service deployment ${started.id}`);
    this.#last = traffic;
    return traffic;
  }

  #read(traffic: Traffic, scope: Scope, patience: ReadDeadline): Promise<SignalsRead> {
    const { signals, state } = this.#rollout;
    const { smokeTests, rollback, cancellation, interruptions } = state;
    const { result } = smokeTests;
    // Gates are asked only after the smoke tests have passed.
    const isTested = result === 'passed' || result === 'not wanted' || traffic.percent > 0;
    return signals.read(traffic, {
      scope,
      patience,
      isBackAsked: rollback.requested !== null || smokeTests.haveFailed || this.#isToUndo(),
      isStopAsked: cancellation.isHeard,
      interruptions: interruptions.all,
      withGates: isTested && !cancellation.isHeard && rollback.requested === null,
    });
  }

  /**
   * An observation without the deployment, which ECS does not return. Alarms and evidence against
   * the release still count. `null` when the rollout was near its end, so nothing can be done.
   */
  async guess(): Promise<Guess | null> {
    const { signals, started, ports, state } = this.#rollout;
    const { cancellation, rollback, interruptions } = state;
    const before = this.#last ?? trafficBeforeFirstLook(started);
    if (isNearItsEnd(before)) return null;
    cancellation.hear();
    const patience = createReadDeadline(ports.clock);
    try {
      const isAsked = rollback.requested !== null || this.#isToUndo();
      const { alarm, look } = isAsked
        ? { alarm: null, look: null }
        : await signals.readAlone(patience, interruptions.all);
      // The rollout is assumed to be moving. Nothing is known about its health.
      const percent = Math.max(before.percent, look?.judged.recording.steps.at(-1)?.percent ?? 0);
      const traffic: Traffic = { ...before, phase: 'moving', percent };
      const health = unseenHealth(traffic);
      this.#tell(look, traffic, this.#health ?? health);
      return { before, observation: this.#observation(traffic, { health, alarm, look, gates: [] }) };
    } finally {
      patience.end();
    }
  }

  #observation(traffic: Traffic, { health, alarm, look, gates }: SignalsRead): Observation {
    const { ports, state } = this.#rollout;
    const { strategy } = ports;
    const { step, smokeTests, cancellation, rollback, finish, interruptions, sheltering } = state;
    return {
      now: ports.clock.now(),
      words: strategy.words,
      traffic,
      health: health.arms,
      unhealthy: unhealthyReason(health, {
        now: ports.clock.now(),
        percent: strategy.dueShare?.(traffic) ?? traffic.percent,
        trafficSince: step.trafficSince,
        interruption: openInterruption(interruptions.all, 'canary'),
        words: strategy.words,
      }),
      failedCheck: health.failedCheck,
      interruptions: interruptions.all,
      shelter: sheltering.state,
      shortage: health.shortage,
      alarm,
      verdict: look?.judged.verdict ?? null,
      measured: look?.judged.recording.minutes.some(({ canary }) => canary !== undefined) ?? false,
      crashes: health.crashed.canary.length,
      smoke: smokeTests.result,
      gates,
      credentialsUntil: ports.credentialsUntil,
      ...cancellation.asked,
      rollback: rollback.requested,
      takenBy: ports.mover.takenBy(),
      endedSince: finish.since,
      stayToTheEnd: finish.mustStay,
      rollbackPatience: ports.rollbackPatience,
    };
  }

  #tell(look: Evaluation, traffic: Traffic, health: Health): void {
    const { plan, ports, started, state } = this.#rollout;
    // Without counts, only the tasks are judged, so there is no evaluation to report.
    if (started.canary.group === null && plan.metrics.length === 0) return;
    // After the decision to roll back, evaluations are not reported.
    if (!look?.isNew || state.rollback.requested !== null) return;
    ports.tell(evaluatedEvent(look.judged, traffic, health));
  }

  /** Whether somebody requested a stop that has not been acted on. */
  #isToUndo(): boolean {
    const { cancellation, rollback } = this.#rollout.state;
    const isLate = this.#last !== null && isNearItsEnd(this.#last);
    return cancellation.isForRollback && rollback.requested === null && !isLate;
  }
}

/** ECS has moved traffic to a pause: the next step forward needs another look in any case. */
function isArrival({ phase, percent }: Traffic): boolean {
  return phase === 'paused' && percent > 0;
}

/** Whether a rollback is no longer possible, or the rollout has ended. */
function isNearItsEnd({ phase }: Traffic): boolean {
  return phase === 'cleaning-up' || ENDED.has(phase);
}
