import type { RolloutRequest } from '../../core/request.ts';
import { isWantedStep } from '../../core/plan/ecs-steps.ts';
import { DAY } from '../../core/time/clock.ts';
import type { Started, Traffic } from '../traffic/traffic-mover.ts';
import type { RolloutPorts } from '../ports.ts';
import type { Signals } from '../signals.ts';
import { partOf } from '../strategies/words.ts';

/** A release whose old revision is kept for days is judged by its last day. */
const LONGEST_JUDGED = DAY;

/** The current step, from which its evidence counts. */
export class CurrentStep {
  readonly #plan: RolloutRequest;
  readonly #ports: RolloutPorts;
  readonly #started: Started;
  readonly #signals: Signals;
  #percent: number | null = null;
  #trafficSince: number | null = null;

  constructor(plan: RolloutRequest, ports: RolloutPorts, started: Started, signals: Signals) {
    this.#plan = plan;
    this.#ports = ports;
    this.#started = started;
    this.#signals = signals;
  }

  /** Since when all tasks of the new revision serve; `null` when they do not, or take turns. */
  get trafficSince(): number | null {
    return this.#trafficSince;
  }

  /** ECS is about to move to the first step: from now on, counts may be the canary's. */
  isAhead(): void {
    const now = this.#ports.clock.now();
    this.#trafficSince = now;
    this.#signals.stepBegan(this.#plan.steps[0]!, now);
  }

  /** Reports a step of the plan once, when its share is verified. */
  note(traffic: Traffic): void {
    const { percent, pause, keep } = traffic;
    // A rolling update has only the last step: whatever the first new tasks do is evidence.
    if (traffic.share === 'tasks' && percent > 0) this.#signals.stepBegan(100, traffic.startedAt);
    if (traffic.share !== 'tasks' && percent > 0)
      this.#trafficSince ??= pause?.since ?? this.#ports.clock.now();
    if (percent === 0 || this.#percent === percent || this.#ports.undoing) return;
    if (!isWantedStep(this.#plan.steps, percent)) return;
    if (traffic.share === 'traffic' && traffic.verifiedPercent !== percent) return;
    if (traffic.phase !== 'paused' && percent < 100) return;
    if (this.#percent === null && this.#started.adopted) {
      this.#noteFirstSteps(traffic);
    }
    this.#percent = percent;
    const since = this.#recent(pause?.since ?? keep?.since ?? this.#ports.clock.now());
    this.#signals.stepBegan(percent, since);
    this.#ports.tell({
      kind: 'step-started',
      percent,
      deadline: pause?.until ?? null,
      ...partOf(traffic),
    });
  }

  /** Another run started the first steps. They are evidence too. */
  #noteFirstSteps({ startedAt, climbed, keep }: Traffic): void {
    const wanted = (climbed ?? []).filter(({ percent }) => isWantedStep(this.#plan.steps, percent));
    if (keep === undefined) return this.#signals.stepBegan(this.#plan.steps[0]!, startedAt);
    for (const { percent, at } of wanted) {
      if (this.#recent(at) === at) this.#signals.stepBegan(percent, at);
    }
  }

  /** No earlier than what is judged of a long time. */
  #recent(at: number): number {
    return Math.max(at, this.#ports.clock.now() - LONGEST_JUDGED);
  }
}
