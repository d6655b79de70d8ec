import type { ArmName } from '../../judge/recording.ts';
import type { Clock } from '../../core/time/clock.ts';
import { inUnits } from '../../core/time/duration.ts';
import { SECOND } from '../../core/time/clock.ts';
import type { ArmHealth, NewEvent } from '../../core/trail/event.ts';
import type { Health } from '../health/health.ts';
import { openInterruption, REVISION_OF, type Interruption } from '../health/interruption.ts';
import type { TakenTask } from '../health/taken-tasks.ts';
import type { Phase, Traffic } from '../traffic/traffic-mover.ts';

/**
 * The times in which an arm lacked tasks that ECS, EC2, Fargate or a person took from it. Only what
 * ECS says about tasks and hosts begins and ends them, never the counts of requests.
 */
export class Interruptions {
  readonly #clock: Clock;
  readonly #tell: (event: NewEvent) => void;
  readonly #known = new Set<string>();
  #all: readonly Interruption[] = [];

  constructor({ clock, tell }: { readonly clock: Clock; readonly tell: (event: NewEvent) => void }) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** In the order in which they began. */
  get all(): readonly Interruption[] {
    return this.#all;
  }

  /** Returns whether an interruption has begun or grown, so that evidence read before is outdated. */
  note(traffic: Traffic, { arms, taken }: Health): boolean {
    const before = this.#known.size;
    if (NEW_SERVES.has(traffic.phase)) this.#noteArm('canary', arms.canary, taken.canary);
    // A rolling update itself stops the old tasks.
    if (BOTH_SERVE.has(traffic.phase) && traffic.share !== 'tasks')
      this.#noteArm('stable', arms.stable, taken.stable);
    return this.#known.size > before;
  }

  #noteArm(arm: ArmName, health: ArmHealth, taken: readonly TakenTask[]): void {
    const unknown = taken.filter(({ taskArn }) => !this.#known.has(taskArn));
    for (const { taskArn } of unknown) this.#known.add(taskArn);
    if (unknown.length > 0) this.#add(arm, unknown, health.desired);
    const open = openInterruption(this.#all, arm);
    const isLost = taken.some(({ isRunning }) => isRunning);
    if (open !== null && !isLost && isWhole(health)) this.#end(open);
  }

  /** Begins an interruption, or adds to the open one. */
  #add(arm: ArmName, taken: readonly TakenTask[], desired: number): void {
    const open = openInterruption(this.#all, arm);
    const tasks = taken.length;
    if (open !== null) {
      this.#replace(open, { ...open, tasks: open.tasks + tasks });
      return;
    }
    const { by, at } = taken.reduce((first, each) => (each.at < first.at ? each : first));
    this.#all = [...this.#all, { arm, by, tasks, since: at, until: null }];
    const message = `${tasks} of ${desired} tasks of the ${REVISION_OF[arm]} ${tasks === 1 ? 'was' : 'were'} taken by ${by}. That is not the fault of the release: the judge ignores this time until ECS has replaced the tasks.`;
    this.#tell({ kind: 'notice', level: 'notice', message });
  }

  #end(open: Interruption): void {
    const until = this.#clock.now();
    this.#replace(open, { ...open, until });
    const took = inUnits(Math.ceil((until - open.since) / SECOND) * SECOND);
    const message = `The ${REVISION_OF[open.arm]} has all of its tasks again, after ${took}.`;
    this.#tell({ kind: 'notice', level: 'notice', message });
  }

  #replace(before: Interruption, after: Interruption): void {
    this.#all = this.#all.map((each) => (each === before ? after : each));
  }
}

/** In other phases, ECS itself stops tasks of the old or of both revisions. */
const BOTH_SERVE: ReadonlySet<Phase> = new Set(['starting', 'paused', 'moving']);
const NEW_SERVES: ReadonlySet<Phase> = new Set([...BOTH_SERVE, 'keeping-old', 'baking']);

/** Whether as many tasks run as should, and the health of each is known. */
function isWhole({ desired, running, healthyTargets, unhealthyTargets }: ArmHealth): boolean {
  return running >= desired && healthyTargets + unhealthyTargets >= desired;
}
