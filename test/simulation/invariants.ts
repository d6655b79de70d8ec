/* oxlint-disable typescript/no-unsafe-type-assertion -- inputs and outputs of the sandbox's operations, of the shapes in the SDK's types */
import { isDeepStrictEqual } from 'node:util';
import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { RolloutRequest } from '../../src/core/request.ts';
import { gatesAt } from '../../src/core/plan/gates.ts';
import { isWantedStep, ladderFor } from '../../src/core/plan/ladder.ts';
import { MINUTE, SECOND } from '../../src/core/time/clock.ts';
import type { Event, Finished } from '../../src/core/trail/event.ts';
import type { Call } from '../support/direct-clients.ts';
import { alive, inWords, servesOnly, type Teller, type GroundTruth } from './ground-truth.ts';

/** A promise that was broken. */
export interface Violation {
  readonly invariant: string;
  readonly detail: string;
  /** Virtual time. */
  readonly at: number;
}

/** What excuses, and what is known beforehand. */
export interface Expectations {
  readonly rollout: RolloutRequest;
  readonly releaseImage: string;
  /** As DescribeServices showed it before the job. */
  readonly ownConfiguration: DeploymentConfiguration;
  /** Nothing goes wrong with AWS, and nobody meddles. */
  readonly calm: boolean;
  /** Others deploy, or change weights: who did what cannot be told from the rule alone. */
  readonly othersMoveTraffic: boolean;
  readonly othersDeploy: boolean;
  /** Others end the deployment, perhaps after the job has told that it serves. */
  readonly othersStop: boolean;
  /** The longest that AWS takes for one answer. */
  readonly slowest: number;
}

/** All that the product may call that changes something. */
const WRITES = new Set([
  'RegisterTaskDefinition',
  'TagResource',
  'UntagResource',
  'UpdateService',
  'ContinueServiceDeployment',
  'StopServiceDeployment',
]);
const READ = /^(Describe|List|Get)/;

/** Watches one simulated AWS through every job that runs in it. Each method is told of something at the moment it happens. */
export class Invariants {
  readonly broken: Violation[] = [];
  readonly #groundTruth: Teller;
  readonly #clock: { now(): number };
  readonly #expected: Expectations;
  readonly #rungs: readonly number[];
  readonly #servedBefore: boolean;
  #home: string | null = null;
  #canaryShare = 0;
  #movedAt = 0;
  #last: Event | null = null;
  #lastLook: Extract<Event, { kind: 'evaluated' }> | null = null;
  #verdictAt: number | null = null;
  #rolling = false;
  readonly #approved = new Set<number>();
  #rollbackAsked = false;
  #rollbackCalled = false;
  #cancelAt: number | null = null;
  #deadSince: number | null = null;
  /** Target groups without a healthy target. */
  readonly #emptySince = new Map<string, number>();

  constructor(groundTruth: Teller, clock: { now(): number }, expected: Expectations) {
    this.#groundTruth = groundTruth;
    this.#clock = clock;
    this.#expected = expected;
    this.#rungs = rungsOf(expected.rollout.steps);
    this.#servedBefore = servesOnly(groundTruth.arms(), expected.releaseImage);
    this.#home = groundTruth.arms().find(({ share }) => share === 100)?.targetGroupArn ?? null;
  }

  /** ECS set the weights of the production rule. */
  weightsSet(): void {
    const arms = this.#groundTruth.arms();
    const before = this.#canaryShare;
    let canary = arms.find(({ targetGroupArn }) => targetGroupArn !== this.#home)!;
    if (before === 100 && canary.share !== 0 && canary.share !== 100) {
      // A rollout from the other side.
      this.#home = canary.targetGroupArn;
      canary = arms.find(({ targetGroupArn }) => targetGroupArn !== this.#home)!;
      this.#canaryShare = 0;
    }
    if (canary.share === before) return;
    this.#movedAt = this.#clock.now();
    this.#canaryShare = canary.share;
    if (this.#expected.othersMoveTraffic || this.#expected.othersDeploy) return;
    if (canary.share > before) {
      const next = this.#rungs[this.#rungs.findIndex((rung) => same(rung, before)) + 1];
      if (next === undefined || !same(next, canary.share)) {
        this.#break('weights change along the plan only', `from ${before}% to ${canary.share}%`);
      }
      if (this.#isLongDead(canary.targetGroupArn)) {
        this.#break(
          'traffic goes to arms with healthy targets only',
          `step to ${canary.share}%: ${inWords(arms)}`,
        );
      }
    } else if (canary.share !== 0) {
      this.#break('weights change along the plan only', `back from ${before}% to ${canary.share}%`);
    }
  }

  /** Whenever the targets or weights changed, and at each event. */
  routed(): void {
    const arms = this.#groundTruth.arms();
    for (const { targetGroupArn, healthy } of arms) {
      if (healthy.length > 0) this.#emptySince.delete(targetGroupArn);
      else if (!this.#emptySince.has(targetGroupArn)) this.#emptySince.set(targetGroupArn, this.#clock.now());
    }
    const dead = arms.some(({ share, healthy }) => share > 0 && healthy.length === 0);
    const alive = arms.some(({ healthy }) => healthy.length > 0);
    if (!dead || !alive || this.#rollbackAsked) this.#deadSince = null;
    else this.#deadSince ??= this.#clock.now();
  }

  calling({ operation }: Call): void {
    if (WRITES.has(operation) || READ.test(operation)) return;
    this.#break('nothing is called that could harm', operation);
  }

  /** A call of the job took effect. */
  called({ operation, input }: Call): void {
    if (operation === 'StopServiceDeployment') this.#rollbackCalled = true;
    // Another deployment begins, or what is left of one is put in order.
    if (operation === 'UpdateService') this.#approved.clear();
    if (operation !== 'ContinueServiceDeployment') return;
    const { action } = input as { action: string };
    if (action === 'ROLLBACK') {
      this.#rollbackCalled = true;
      return;
    }
    if (this.#expected.othersMoveTraffic || this.#expected.othersDeploy) return;
    const arms = this.#groundTruth.arms();
    const { rollout } = this.#expected;
    const percent = this.#canaryShare;
    if (gatesAt(rollout, percent).length > 0 && !this.#approved.has(percent)) {
      this.#break('no step through a closed gate', `at ${percent}%`);
    }
    const canary = arms.find(({ targetGroupArn }) => targetGroupArn !== this.#home)!;
    if (this.#rollbackAsked) this.#break('no step after a rollback was asked for', `at ${percent}%`);
    if (percent === 0 || !isWantedStep(rollout.steps, percent)) {
      if (percent === 0 && this.#isLongDead(canary.targetGroupArn)) {
        this.#break('traffic goes to arms with healthy targets only', `first step: ${inWords(arms)}`);
      }
      return;
    }
    const stayed = this.#clock.now() - this.#movedAt;
    const passed = this.#lastLook?.verdict === 'pass' && same(this.#lastLook.percent, percent);
    const anyway = rollout.onInconclusive === 'continue' && stayed >= rollout.stepTimeout;
    if (!passed && !anyway) {
      const verdict = this.#lastLook ? `${this.#lastLook.verdict} at ${this.#lastLook.percent}%` : 'no look';
      this.#break('no step without a pass', `at ${percent}% after ${stayed / SECOND} s, ${verdict}`);
    }
    if (stayed < rollout.bakeTime) {
      this.#break('each step lasts as long as its bake', `${percent}% for ${stayed / SECOND} s`);
    }
  }

  /** Somebody approved this step of the deployment that is under way. */
  approved(percent: number): void {
    this.#approved.add(percent);
  }

  /** Something was told in the log. */
  told(event: Event): void {
    this.#notSilent(event);
    this.#notMuted(event);
    this.#notDeaf(event);
    this.#last = event;
    if (event.kind === 'evaluated') {
      this.#lastLook = event;
      const { inProgress } = this.#groundTruth.look();
      const canStill =
        inProgress?.status === 'IN_PROGRESS' && String(inProgress.lifecycleStage) !== 'CLEAN_UP';
      if (event.verdict === 'rollback' && event.percent > 0 && canStill && !this.#rollbackAsked) {
        this.#verdictAt = event.at;
      }
    }
    if (event.kind === 'rollback-requested') this.#rollbackAsked = true;
    if (event.kind === 'finished') this.#finished(event);
    this.#notDead();
  }

  /** Another process begins. */
  nextJob(): void {
    this.#rolling = false;
    this.#last = null;
    this.#lastLook = null;
    this.#verdictAt = null;
    this.#rollbackAsked = false;
    this.#rollbackCalled = false;
    this.#cancelAt = null;
    this.#deadSince = null;
    if (this.#groundTruth.look().inProgress !== null) return;
    this.#home = this.#groundTruth.arms().find(({ share }) => share === 100)?.targetGroupArn ?? null;
    this.#canaryShare = 0;
  }

  /** Nothing is under way any more. `told`: what the last job said, if it lived to say it. */
  atRest(told: Finished | null): void {
    const now = this.#groundTruth.look();
    const { releaseImage, othersMoveTraffic, othersDeploy, othersStop, calm } = this.#expected;
    // A release that crashes now and then may have no target at this very moment: what has the traffic counts.
    const fullyNew = now.arms.every(
      ({ share, healthy }) =>
        share === 0 || (share === 100 && alive(healthy).every((image) => image === releaseImage)),
    );
    const fullyOld = now.arms.every(
      ({ share, healthy }) =>
        share === 0 || (share === 100 && healthy.length > 0 && !healthy.includes(releaseImage)),
    );
    if (!fullyNew && !fullyOld && told?.outcome !== 'dirty' && !othersMoveTraffic) {
      this.#break('the end is fully new, fully old or told dirty', inWords(now.arms));
    }
    if (othersMoveTraffic || othersDeploy || othersStop || told === null) return;
    const green = told.outcome === 'deployed' || told.outcome === 'unchanged';
    if (green && !fullyNew)
      this.#break('green if and only if the release serves', `${told.outcome}, but ${inWords(now.arms)}`);
    const servedBefore = told.outcome === 'failed' && this.#servedBefore;
    if (!green && told.outcome !== 'dirty' && fullyNew && !servedBefore && !fullyOld) {
      this.#break('green if and only if the release serves', `${told.outcome}, but ${inWords(now.arms)}`);
    }
    if (told.outcome === 'dirty' && calm && !told.reason.includes('on-cancel says to leave')) {
      this.#break('dirty only where something was in the way', told.reason);
    }
  }

  /** The user's settings are back, and nothing of ours is on the service. */
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
    const { releaseImage, othersMoveTraffic } = this.#expected;
    if (reason.includes('failed in a way it should not')) this.#break('every end is told in words', reason);
    if (othersMoveTraffic) return;
    const lie = lieOf(outcome, now, this.#groundTruth, releaseImage);
    if (lie !== null)
      this.#break(
        'the outcome told is the truth',
        `${outcome} (${reason}), but ${lie}: ${inWords(now.arms)}`,
      );
  }

  #notSilent(event: Event): void {
    if (this.#last === null) return;
    const silence = event.at - this.#last.at;
    if (silence > 30 * SECOND) {
      this.#break(
        'the log is never silent for more than 30 s',
        `${Math.round(silence / SECOND)} s before ${event.kind}`,
      );
    }
  }

  #notMuted(event: Event): void {
    if (this.#verdictAt === null) return;
    if (event.kind === 'rollback-requested') {
      if (event.at - this.#verdictAt > this.#expected.slowest) {
        this.#break(
          'a rollback is asked for in the tick of its verdict',
          `${(event.at - this.#verdictAt) / SECOND} s later`,
        );
      }
      this.#verdictAt = null;
    } else if (event.at - this.#verdictAt > this.#expected.slowest) {
      this.#break(
        'a rollback is asked for in the tick of its verdict',
        `not yet after ${(event.at - this.#verdictAt) / SECOND} s`,
      );
      this.#verdictAt = null;
    }
  }

  /** A cancelled job takes the rollout back, whatever AWS answers. */
  #notDeaf(event: Event): void {
    this.#rolling ||= event.kind === 'rollout-started';
    const { rollout, othersDeploy, othersStop } = this.#expected;
    if (event.kind === 'cancel-requested' && this.#rolling && rollout.onCancel === 'rollback')
      this.#cancelAt = event.at;
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
        'a cancelled job asks for the way back at once',
        `not yet after ${(event.at - this.#cancelAt) / SECOND} s`,
      );
      this.#cancelAt = null;
    }
  }

  /** Longer than the time between a look and what follows from it. */
  #isLongDead(targetGroupArn: string): boolean {
    const since = this.#emptySince.get(targetGroupArn);
    return since !== undefined && this.#clock.now() - since > 20 * SECOND;
  }

  #notDead(): void {
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

/** An answer to ECS that is under way may take as long. */
const CANCEL_PATIENCE = 25 * SECOND;
/** Some looks, each a few seconds after the other. */
const DEAD_PATIENCE = MINUTE;

function lieOf(
  outcome: Finished['outcome'],
  now: GroundTruth,
  groundTruth: Teller,
  releaseImage: string,
): string | null {
  const { arms, newest, inProgress } = now;
  const isNew = servesOnly(arms, releaseImage);
  const brings = groundTruth.revision(newest.targetServiceRevision!.arn!).containerImages?.[0]?.image;
  switch (outcome) {
    case 'deployed': {
      if (!isNew) return 'it does not serve';
      const hot = ['BAKE_TIME', 'CLEAN_UP'].includes(newest.lifecycleStage ?? '');
      return newest.status === 'SUCCESSFUL' || (newest.status === 'IN_PROGRESS' && hot)
        ? null
        : `ECS says ${newest.status}`;
    }
    case 'unchanged':
      return isNew && inProgress === null ? null : 'it does not serve';
    case 'rolled-back':
      if (
        arms.some(
          ({ share, healthy }) => share > 0 && (healthy.length === 0 || healthy.includes(releaseImage)),
        )
      )
        return 'the old version does not serve';
      // It is said, too, when all traffic is back for long and ECS only removes the new tasks.
      return inProgress === null || brings !== releaseImage || inProgress.lifecycleStage === 'CLEAN_UP'
        ? null
        : `ECS says ${inProgress.status}`;
    case 'failed':
      return inProgress !== null && brings === releaseImage
        ? `ECS is deploying it: ${inProgress.status}`
        : null;
    case 'dirty':
      return null;
  }
}

/** Every share that ECS passes through. */
function rungsOf(steps: readonly number[]): readonly number[] {
  const ladder = ladderFor(steps)!;
  if (ladder.strategy === 'CANARY') return [0, ladder.canaryPercent, 100];
  const count = Math.ceil(100 / ladder.stepPercent - 1e-9);
  return [0, ...Array.from({ length: count - 1 }, (_, index) => (index + 1) * ladder.stepPercent), 100];
}

const same = (a: number, b: number) => Math.abs(a - b) < 0.05;
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
