// Checks the promises of docs/reliability.md during a trial, and records each one that is broken.
/* oxlint-disable typescript/no-unsafe-type-assertion -- inputs and outputs of the sandbox's operations, of the shapes in the SDK's types */
import { isDeepStrictEqual } from 'node:util';
import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { RolloutRequest } from '../../src/core/request.ts';
import { gatesAt } from '../../src/core/plan/gates.ts';
import { isWantedStep, ecsStepsFor } from '../../src/core/plan/ecs-steps.ts';
import { MINUTE, SECOND } from '../../src/core/time/clock.ts';
import type { Event, Finished, RollbackRequested } from '../../src/core/trail/event.ts';
import { timelineOf } from '../../src/judge/timeline.ts';
import { recordingOf } from '../../src/report/recording.ts';
import type { Call } from '../support/direct-clients.ts';
import { alive, inWords, servesOnly, type GroundTruthReader, type GroundTruth } from './ground-truth.ts';

/** A broken invariant. */
export interface Violation {
  readonly invariant: string;
  readonly detail: string;
  /** Virtual time. */
  readonly at: number;
}

/** What the invariants know about the trial. */
export interface Expectations {
  readonly rollout: RolloutRequest;
  readonly releaseImage: string;
  /** The service's deployment configuration before the job. */
  readonly ownConfiguration: DeploymentConfiguration;
  /** There are no faults and no interference. */
  readonly calm: boolean;
  /** The release is good, and nothing but the platform can make it fail. */
  readonly blameless: boolean;
  /** At the end, the platform may just have taken all tasks. */
  readonly tasksMayBeGone: boolean;
  /** ECS removes tasks because somebody scales the service. */
  readonly scales: boolean;
  /** Others change weights, so the rule does not show who changed them. */
  readonly othersMoveTraffic: boolean;
  readonly othersDeploy: boolean;
  /** Others end the deployment, possibly after the job reported success. */
  readonly othersStop: boolean;
  /** Longest time that AWS takes for an answer, in milliseconds. */
  readonly slowest: number;
}

/** The only writes that ecs-ramp may call. */
const WRITES = new Set([
  'RegisterTaskDefinition',
  'TagResource',
  'UntagResource',
  'UpdateService',
  'ContinueServiceDeployment',
  'StopServiceDeployment',
]);
/** Takes traffic off a revision without tasks. */
const WEIGHTS = new Set(['ModifyListener', 'ModifyRule']);
const READ = /^(Describe|List|Get)/;

/** Causes of a rollback that say that the release is bad. */
const BLAME: ReadonlySet<RollbackRequested['cause']> = new Set(['judge', 'health', 'start', 'ecs']);

/** The trial calls a method for each thing that happens, at the time it happens. */
export class Invariants {
  readonly broken: Violation[] = [];
  readonly #groundTruth: GroundTruthReader;
  readonly #clock: { now(): number };
  readonly #expected: Expectations;
  readonly #shares: readonly number[];
  readonly #servedBefore: boolean;
  #home: string | null = null;
  #canaryShare = 0;
  #movedAt = 0;
  #last: Event | null = null;
  #lastEvaluation: Extract<Event, { kind: 'evaluated' }> | null = null;
  #verdictAt: number | null = null;
  #isLeft = false;
  #rolling = false;
  readonly #approved = new Set<number>();
  #rollbackRequested = false;
  #rollbackCalled = false;
  #cancelAt: number | null = null;
  #lastWait: string | null = null;
  #deadSince: number | null = null;
  /** No target that received traffic was healthy at the end of the last job. */
  #nobodyServed = false;
  /** Target groups without a healthy target, by the time since when. */
  readonly #emptySince = new Map<string, number>();

  constructor(groundTruth: GroundTruthReader, clock: { now(): number }, expected: Expectations) {
    this.#groundTruth = groundTruth;
    this.#clock = clock;
    this.#expected = expected;
    this.#shares = sharesOf(expected.rollout.steps);
    this.#servedBefore = servesOnly(groundTruth.arms(), expected.releaseImage);
    this.#home = groundTruth.arms().find(({ share }) => share === 100)?.targetGroupArn ?? null;
  }

  /** ECS set the weights of the production rule. */
  weightsSet(): void {
    const arms = this.#groundTruth.arms();
    const before = this.#canaryShare;
    let canary = arms.find(({ targetGroupArn }) => targetGroupArn !== this.#home)!;
    if (before === 100 && canary.share !== 0 && canary.share !== 100) {
      // Another rollout, from the other target group.
      this.#home = canary.targetGroupArn;
      canary = arms.find(({ targetGroupArn }) => targetGroupArn !== this.#home)!;
      this.#canaryShare = 0;
    }
    if (canary.share === before) return;
    this.#movedAt = this.#clock.now();
    this.#canaryShare = canary.share;
    const { othersMoveTraffic, othersDeploy, othersStop } = this.#expected;
    if (othersMoveTraffic || othersDeploy) return;
    if (canary.share > before) {
      const next = this.#shares[this.#shares.findIndex((share) => same(share, before)) + 1];
      if (next === undefined || !same(next, canary.share)) {
        this.#break('weights change along the plan only', `from ${before}% to ${canary.share}%`);
      }
      if (this.#isLongDead(canary.targetGroupArn) && !othersStop) {
        this.#break(
          'traffic goes to arms with healthy targets only',
          `step to ${canary.share}%: ${inWords(arms)}`,
        );
      }
    } else if (canary.share !== 0) {
      this.#break('weights change along the plan only', `back from ${before}% to ${canary.share}%`);
    }
  }

  /** The targets or weights changed, or an event was recorded. */
  routed(): void {
    const arms = this.#groundTruth.arms();
    for (const { targetGroupArn, healthy } of arms) {
      if (healthy.length > 0) this.#emptySince.delete(targetGroupArn);
      else if (!this.#emptySince.has(targetGroupArn)) this.#emptySince.set(targetGroupArn, this.#clock.now());
    }
    const dead = arms.some(({ share, healthy }) => share > 0 && healthy.length === 0);
    const alive = arms.some(({ healthy }) => healthy.length > 0);
    if (!dead || !alive || this.#rollbackRequested) this.#deadSince = null;
    else this.#deadSince ??= this.#clock.now();
  }

  calling({ operation }: Call): void {
    if (WRITES.has(operation) || READ.test(operation)) return;
    const { tasksMayBeGone, scales } = this.#expected;
    if ((tasksMayBeGone || scales) && WEIGHTS.has(operation)) return;
    this.#break('only expected operations are called', operation);
  }

  /** A call of the job took effect. */
  called({ operation, input }: Call): void {
    if (operation === 'StopServiceDeployment') this.#rollbackCalled = true;
    // Starts another deployment, or restores settings.
    if (operation === 'UpdateService') this.#approved.clear();
    if (operation !== 'ContinueServiceDeployment') return;
    const { action, hookId } = input as { action: string; hookId: string };
    if (action === 'ROLLBACK') {
      this.#rollbackCalled = true;
      return;
    }
    if (this.#expected.othersMoveTraffic || this.#expected.othersDeploy) return;
    const { lifecycleHookDetails = [] } = this.#groundTruth.look().newest;
    // The end of the pause that keeps the old revision moves no traffic.
    if (lifecycleHookDetails.find((hook) => hook.hookId === hookId)?.timeoutAction === 'CONTINUE') return;
    const arms = this.#groundTruth.arms();
    const { rollout } = this.#expected;
    const percent = this.#canaryShare;
    if (gatesAt(rollout, percent).length > 0 && !this.#approved.has(percent)) {
      this.#break('no step through a closed gate', `at ${percent}%`);
    }
    const canary = arms.find(({ targetGroupArn }) => targetGroupArn !== this.#home)!;
    if (this.#rollbackRequested) this.#break('no step after a rollback was requested', `at ${percent}%`);
    if (percent === 0 || !isWantedStep(rollout.steps, percent)) {
      if (percent === 0 && this.#isLongDead(canary.targetGroupArn)) {
        this.#break('traffic goes to arms with healthy targets only', `first step: ${inWords(arms)}`);
      }
      return;
    }
    const stayed = this.#clock.now() - this.#movedAt;
    const passed = this.#lastEvaluation?.verdict === 'pass' && same(this.#lastEvaluation.percent, percent);
    const anyway = rollout.onInconclusive === 'continue' && stayed >= rollout.stepTimeout;
    if (!passed && !anyway) {
      const verdict = this.#lastEvaluation
        ? `${this.#lastEvaluation.verdict} at ${this.#lastEvaluation.percent}%`
        : 'no evaluation';
      this.#break('no step without a pass', `at ${percent}% after ${stayed / SECOND} s, ${verdict}`);
    }
    if (stayed < rollout.bakeTime) {
      this.#break('each step lasts at least its bake time', `${percent}% for ${stayed / SECOND} s`);
    }
  }

  /** Somebody approved this step of the deployment in progress. */
  approved(percent: number): void {
    this.#approved.add(percent);
  }

  /** The job recorded an event. */
  onEvent(event: Event): void {
    this.#checkSilence(event);
    this.#checkRollbackRequest(event);
    this.#checkCancellation(event);
    this.#last = event;
    this.#isLeft ||= event.kind === 'cancel-requested' && this.#expected.rollout.onCancel === 'leave';
    if (event.kind === 'evaluated') {
      this.#lastEvaluation = event;
      const { inProgress } = this.#groundTruth.look();
      const canStill =
        inProgress?.status === 'IN_PROGRESS' &&
        String(inProgress.lifecycleStage) !== 'CLEAN_UP' &&
        this.#groundTruth.imageOf(inProgress) === this.#expected.releaseImage;
      if (event.verdict === 'rollback' && event.percent > 0 && canStill && !this.#rollbackRequested) {
        this.#verdictAt = event.at;
      }
    }
    if (event.kind === 'rollback-requested') {
      this.#rollbackRequested = true;
      const isBlamed = this.#expected.blameless && BLAME.has(event.cause);
      if (isBlamed && !(event.cause === 'judge' && this.#isChance()))
        this.#break('no good release is blamed for the platform', `${event.cause}: ${event.reason}`);
    }
    if (event.kind === 'finished') this.#finished(event);
    if (event.kind === 'waiting') this.#checkWait(event);
    this.#checkDeadArm();
  }

  /** Another process starts. */
  nextJob(): void {
    this.#rolling = false;
    this.#last = null;
    this.#lastEvaluation = null;
    this.#verdictAt = null;
    this.#rollbackRequested = false;
    this.#rollbackCalled = false;
    this.#cancelAt = null;
    this.#deadSince = null;
    this.#nobodyServed = false;
    if (this.#groundTruth.look().inProgress !== null) return;
    this.#home = this.#groundTruth.arms().find(({ share }) => share === 100)?.targetGroupArn ?? null;
    this.#canaryShare = 0;
  }

  /**
   * No deployment is in progress any more.
   * @param finished the last job's `finished` event; `null` if it was killed before
   */
  atRest(finished: Finished | null): void {
    const now = this.#groundTruth.look();
    const { releaseImage, othersMoveTraffic, othersDeploy, othersStop, calm, tasksMayBeGone } =
      this.#expected;
    if (tasksMayBeGone && now.arms.every(({ healthy }) => healthy.length === 0)) return;
    // A crashing release may have no target at this moment, so only the weights count.
    const fullyNew = now.arms.every(
      ({ share, healthy }) =>
        share === 0 || (share === 100 && alive(healthy).every((image) => image === releaseImage)),
    );
    const fullyOld = now.arms.every(
      ({ share, healthy }) =>
        share === 0 || (share === 100 && healthy.length > 0 && !healthy.includes(releaseImage)),
    );
    if (!fullyNew && !fullyOld && finished?.outcome !== 'dirty' && !othersMoveTraffic) {
      this.#break('the end is fully new, fully old or reported as dirty', inWords(now.arms));
    }
    if (othersMoveTraffic || othersDeploy || othersStop || finished === null) return;
    const succeeded = finished.outcome === 'deployed' || finished.outcome === 'unchanged';
    // The service's own circuit breaker works until ECS removes the old revision.
    const byBreaker = fullyOld && (now.newest.statusReason?.includes('circuit breaker') ?? false);
    if (succeeded && !fullyNew && !byBreaker)
      this.#break(
        'the run succeeds if and only if the release serves',
        `${finished.outcome}, but ${inWords(now.arms)}`,
      );
    const servedBefore = finished.outcome === 'failed' && this.#servedBefore;
    if (!succeeded && finished.outcome !== 'dirty' && fullyNew && !servedBefore && !fullyOld) {
      this.#break(
        'the run succeeds if and only if the release serves',
        `${finished.outcome}, but ${inWords(now.arms)}`,
      );
    }
    if (
      finished.outcome === 'dirty' &&
      calm &&
      !this.#nobodyServed &&
      !finished.reason.includes('on-cancel is leave')
    ) {
      this.#break('dirty only after faults or interference', finished.reason);
    }
  }

  /**
   * `null` if the user's settings are restored and no tag of ecs-ramp is left. Else what is left.
   */
  nothingLeft(): string | null {
    const { deploymentConfiguration, tags } = this.#groundTruth.look();
    const ours = tags.filter(({ key }) => key?.startsWith('ecs-ramp'));
    if (ours.length > 0) return `tags ${ours.map(({ key }) => key).join(', ')}`;
    if (isDeepStrictEqual(plain(deploymentConfiguration), plain(this.#expected.ownConfiguration)))
      return null;
    return `deploymentConfiguration ${JSON.stringify(deploymentConfiguration)} instead of ${JSON.stringify(this.#expected.ownConfiguration)}`;
  }

  break(invariant: string, detail: string): void {
    this.#break(invariant, detail);
  }

  #finished({ outcome, reason }: Finished): void {
    const now = this.#groundTruth.look();
    const { othersMoveTraffic } = this.#expected;
    if (reason.includes('because of an internal error'))
      this.#break('no run ends with an internal error', reason);
    this.#nobodyServed = now.arms.every(({ share, healthy }) => share === 0 || healthy.length === 0);
    if (othersMoveTraffic) return;
    // Tasks that end between the last look and the report are nobody's mistake.
    const all = now.arms.find(({ share }) => share === 100);
    const isJustEmpty = all?.healthy.length === 0 && !this.#isLongDead(all.targetGroupArn);
    if (isJustEmpty && (outcome === 'deployed' || outcome === 'unchanged')) return;
    const contradiction = contradictionOf(outcome, now, this.#groundTruth, this.#expected);
    if (contradiction !== null)
      this.#break(
        'the reported outcome is true',
        `${outcome} (${reason}), but ${contradiction}: ${inWords(now.arms)}`,
      );
  }

  #checkSilence(event: Event): void {
    if (this.#last === null) return;
    const silence = event.at - this.#last.at;
    if (silence > 30 * SECOND) {
      this.#break(
        'the log is never silent for more than 30 s',
        `${Math.round(silence / SECOND)} s before ${event.kind}`,
      );
    }
  }

  #checkRollbackRequest(event: Event): void {
    // The time in which tasks are missing does not count, so a verdict about it is withdrawn.
    if (this.#expected.tasksMayBeGone) this.#verdictAt = null;
    // A cancelled job with on-cancel: leave ends without a rollback, whatever the verdict is.
    if (this.#isLeft) this.#verdictAt = null;
    if (this.#verdictAt === null) return;
    if (event.kind === 'rollback-requested') {
      if (event.at - this.#verdictAt > this.#expected.slowest) {
        this.#break(
          'a rollback is requested at the time of its verdict',
          `${(event.at - this.#verdictAt) / SECOND} s later`,
        );
      }
      this.#verdictAt = null;
    } else if (event.at - this.#verdictAt > this.#expected.slowest) {
      this.#break(
        'a rollback is requested at the time of its verdict',
        `not yet after ${(event.at - this.#verdictAt) / SECOND} s`,
      );
      this.#verdictAt = null;
    }
  }

  #checkWait({ what }: Extract<Event, { kind: 'waiting' }>): void {
    const before = this.#lastWait;
    this.#lastWait = what;
    if (what !== 'AWS to answer' || before === null || before === what || !this.#expected.calm) return;
    this.#break('no wait for something else is reported as one for AWS', `after ${before}`);
  }

  /** A cancelled job requests the rollback, whatever AWS answers. */
  #checkCancellation(event: Event): void {
    this.#rolling ||= event.kind === 'rollout-started';
    const { rollout, othersDeploy, othersStop } = this.#expected;
    const mustRequest = this.#rolling && rollout.onCancel === 'rollback' && !this.#rollbackRequested;
    if (event.kind === 'cancel-requested' && mustRequest) this.#cancelAt = event.at;
    if (this.#cancelAt === null) return;
    const { inProgress } = this.#groundTruth.look();
    const canStill = inProgress?.status === 'IN_PROGRESS' && String(inProgress.lifecycleStage) !== 'CLEAN_UP';
    if (
      event.kind === 'rollback-requested' ||
      event.kind === 'finished' ||
      !canStill ||
      othersDeploy ||
      othersStop
    ) {
      this.#cancelAt = null;
    } else if (event.at - this.#cancelAt > CANCEL_PATIENCE) {
      this.#break(
        'a cancelled job requests a rollback at once',
        `not yet after ${(event.at - this.#cancelAt) / SECOND} s`,
      );
      this.#cancelAt = null;
    }
  }

  /**
   * Tasks answered every request of the judged periods, so that the verdict is one of those that
   * `false-alarm-rate` allows for.
   */
  #isChance(): boolean {
    const { period, origin } = this.#lastEvaluation!;
    const { warmUp, judged } = timelineOf(recordingOf([this.#lastEvaluation!])!);
    const start = (t: number) => origin + t * period * SECOND;
    return ![...warmUp, ...judged].some(({ t }) => this.#groundTruth.wasUnanswered(start(t), start(t + 1)));
  }

  /** Dead for longer than the time between a read and the step that is based on it. */
  #isLongDead(targetGroupArn: string): boolean {
    const since = this.#emptySince.get(targetGroupArn);
    return since !== undefined && this.#clock.now() - since > 20 * SECOND;
  }

  #checkDeadArm(): void {
    this.routed();
    if (this.#deadSince === null || !this.#expected.calm || this.#rollbackCalled) return;
    if (this.#clock.now() - this.#deadSince <= DEAD_PATIENCE) return;
    this.#break(
      'an arm without healthy targets does not keep its traffic',
      `${(this.#clock.now() - this.#deadSince) / SECOND} s: ${inWords(this.#groundTruth.arms())}`,
    );
    this.#deadSince = null;
  }

  #break(invariant: string, detail: string): void {
    if (this.broken.some((violation) => violation.invariant === invariant)) return;
    this.broken.push({ invariant, detail, at: this.#clock.now() });
  }
}

/** Stages at which the new revision has all of the traffic. */
const KEPT_OLD: ReadonlySet<string> = new Set(['POST_PRODUCTION_TRAFFIC_SHIFT', 'BAKE_TIME', 'CLEAN_UP']);
/** A call to ECS in progress may take this long. */
const CANCEL_PATIENCE = 25 * SECOND;
/** Time for several evaluations. */
const DEAD_PATIENCE = MINUTE;

function contradictionOf(
  outcome: Finished['outcome'],
  now: GroundTruth,
  groundTruth: GroundTruthReader,
  { releaseImage, othersDeploy }: Expectations,
): string | null {
  const { arms, newest, inProgress } = now;
  const isNew = servesOnly(arms, releaseImage);
  const brings = groundTruth.imageOf(newest);
  switch (outcome) {
    case 'deployed': {
      if (!isNew) return 'the new revision does not serve';
      // Somebody deploys again while the job ends.
      if (othersDeploy && brings !== releaseImage) return null;
      const kept = KEPT_OLD.has(String(newest.lifecycleStage));
      return newest.status === 'SUCCESSFUL' || (newest.status === 'IN_PROGRESS' && kept)
        ? null
        : `ECS says ${newest.status}`;
    }
    case 'unchanged':
      return isNew && inProgress === null ? null : 'the new revision does not serve';
    case 'rolled-back':
      if (
        arms.some(
          ({ share, healthy }) => share > 0 && (healthy.length === 0 || healthy.includes(releaseImage)),
        )
      )
        return 'the old revision does not serve';
      // Also reported when all traffic is back and ECS still removes the new tasks.
      return inProgress === null || brings !== releaseImage || inProgress.lifecycleStage === 'CLEAN_UP'
        ? null
        : `ECS says ${inProgress.status}`;
    case 'failed': {
      // Also reported when the release was not tried: all traffic is back, and ECS still cleans up.
      const isBack = inProgress?.status?.startsWith('ROLLBACK') && inProgress.lifecycleStage === 'CLEAN_UP';
      return inProgress !== null && brings === releaseImage && !isBack
        ? `ECS is deploying it: ${inProgress.status}`
        : null;
    }
    case 'dirty':
      return null;
  }
}

/** Every share that ECS sets. */
function sharesOf(steps: readonly number[]): readonly number[] {
  const ecsSteps = ecsStepsFor(steps)!;
  if (ecsSteps.strategy === 'CANARY') return [0, ecsSteps.canaryPercent, 100];
  const count = Math.ceil(100 / ecsSteps.stepPercent - 1e-9);
  return [0, ...Array.from({ length: count - 1 }, (_, index) => (index + 1) * ecsSteps.stepPercent), 100];
}

const same = (a: number, b: number) => Math.abs(a - b) < 0.05;
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
