// Runs one trial on the simulated AWS: its jobs, faults, interference and kill. Returns what
// happened and the invariants that were broken.
import { isDeepStrictEqual } from 'node:util';
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { taskDefinitionRequest } from '../support/task-definitions.ts';
import type { Answering } from '../../sandbox/simulated/tasks.ts';
import type { Service } from '../../sandbox/wire/service.ts';
import type { Behaviour } from '../../sandbox/simulated/behaviour.ts';
import type { Request } from '../../src/core/request.ts';
import { HOUR, MINUTE, SECOND, sleep, type Clock, type Milliseconds } from '../../src/core/time/clock.ts';
import type { Event, Finished } from '../../src/core/trail/event.ts';
import type { Call } from '../support/direct-clients.ts';
import { createSimulatedAws, type SimulatedAws } from '../support/simulated-aws.ts';
import { createVirtualClock, immediate, microtasks } from '../support/virtual-clock.ts';
import { approveAfter } from './approver.ts';
import { Chance } from './chance.ts';
import { Invariants, type Violation } from './invariants.ts';
import { runOf, startJob, startPostStep, type Job } from './job.ts';
import { createAlarm, interfere, OTHER_IMAGE, correctWeights } from './interference.ts';
import { makeRoom, placedBy, settingsOf, startPlatform } from './platform.ts';
import { createBusy, createRunner, retriesOn, type Runner, type RunnerOptions } from './runner.ts';
import { onSchedule } from './schedule.ts';
import type { Trial } from './trial.ts';
import { createGroundTruth, inWords, servesOnly } from './ground-truth.ts';
import { isTooStale, ConcurrentRunDetector } from './turns.ts';
import type { SecondRun } from './second-run.ts';
import { createConditions } from './faults.ts';
import { strategyNamed } from '../../src/rollout/strategies/strategies.ts';

/** Kills the process before or after its n-th call of AWS. `next` is what happens then. */
export interface Kill {
  readonly call: number;
  readonly when: 'before' | 'after';
  readonly next: 'nobody' | 'run again' | 'post step' | 'reconcile';
}

export interface TrialResult {
  readonly trial: Trial;
  readonly kill: Kill | null;
  /** The first job's `finished` event; `null` if it was killed. */
  readonly finished: Finished | null;
  /** The last job's `finished` event; `null` if it was killed. */
  readonly lastFinished: Finished | null;
  readonly events: readonly Event[];
  readonly violations: readonly Violation[];
  readonly calls: number;
  /** Virtual time that the first job ran. */
  readonly took: Milliseconds;
  /** Calls of the first job. Direct clients only. */
  readonly recordedCalls: readonly RecordedCall[];
}

export interface RecordedCall {
  readonly call: number;
  readonly operation: string;
  readonly at: number;
  /** Number of events recorded before the call. */
  readonly eventsBefore: number;
}

const OLD_IMAGE = 'registry.example.com/shop/web@sha256:old';
const NEW_IMAGE = 'registry.example.com/shop/web@sha256:new';
/** Longer than any wait. */
const TOO_LONG = 12 * HOUR;

/**
 * @param settled resolves when all work at the current time is done; `immediate` if modules are
 * still loading
 * @param answer replaces answers of AWS to the first job
 */
export async function runTrial(
  trial: Trial,
  kill: Kill | null = null,
  settled: () => Promise<void> = microtasks,
  answer: RunnerOptions['answer'] = (_, output) => output,
): Promise<TrialResult> {
  const chance = new Chance(trial.seed ^ 0x5eed);
  const busy = createBusy();
  const clock = createVirtualClock(
    undefined,
    trial.seam === 'direct'
      ? settled
      : async () => {
          do await immediate();
          while (busy.now);
        },
  );
  const conditions = createConditions(trial, chance, () => clock);
  const began: { at: number | null } = { at: null };
  let hasRoom = false;
  let watching: Invariants | null = null;
  const { aws: plan, service, release, secondRun } = trial;
  const image = release.kind === 'the same again' ? OLD_IMAGE : NEW_IMAGE;

  const aws = await createSimulatedAws({
    versions: { [NEW_IMAGE]: release.behaviour },
    firstImage: OLD_IMAGE,
    rate: trial.rate,
    usersEvery: 5 * SECOND,
    seed: trial.seed,
    clock,
    timing: {
      ...plan,
      // Without a healthy task ECS reaches no pause. It ends the deployment after 24 hours, here 3.
      stageLimit: 3 * HOUR,
      whyNoPlace: () => {
        const elapsed = began.at === null ? -1 : clock.now() - began.at;
        const { noPlace } = plan;
        const full = !hasRoom && noPlace !== null && elapsed >= noPlace.from && elapsed < noPlace.to;
        return full ? 'no container instance met all of its requirements' : null;
      },
    },
    lag: trial.metrics.lag,
    healthCheckSeconds: plan.healthCheckSeconds,
    desiredCount: service.desiredCount,
    deploymentConfiguration: service.deploymentConfiguration,
    shifting: trial.rollout.strategy !== 'rolling',
    ...placedBy(trial),
    behaviourNow: (answering, now) => behaviourOf(trial, answering, began.at === null ? -1 : now - began.at),
    watchWeights: () => watching?.weightsSet(),
    routed: () => watching?.routed(),
    faults: {
      ...conditions.faults,
      strike(service, operation) {
        busy.end();
        return conditions.faults.strike(service, operation);
      },
    },
    disturb: (service) =>
      trial.seam === 'sdk'
        ? watched(conditions.disturb(service), () => watching)
        : conditions.disturb(service),
    ...(trial.seam === 'sdk' && {
      sdk: { retryStrategy: retriesOn(() => clock, chance.random, busy), maxAttempts: 6 },
    }),
  });
  const groundTruth = createGroundTruth(aws);
  const until = <T>(work: Promise<T>, limit?: Milliseconds) => letTimePass(clock, work, limit);
  await until(createAlarm(aws));
  if (trial.interference?.kind === 'deploys before') {
    await until(interfere(aws, groundTruth, trial.interference));
    await clock.advance(10 * SECOND);
  }
  const invariants = new Invariants(groundTruth, clock, {
    rollout: strategyNamed(trial.rollout.strategy).plan(trial.rollout),
    releaseImage: image,
    ownConfiguration: await until(configurationOf(aws)),
    calm: isCalm(trial),
    blameless: isBlameless(trial),
    tasksMayBeGone: trial.platform !== null,
    scales: isScaled(trial),
    othersMoveTraffic:
      secondRun !== null || ['changes weights', 'aborts it'].includes(trial.interference?.kind ?? ''),
    othersDeploy: secondRun !== null || (trial.interference?.kind.startsWith('deploys') ?? false),
    othersStop: trial.interference?.kind === 'stops it' || trial.interference?.kind === 'answers the pause',
    slowest: isCalm(trial) ? 0 : 10 * SECOND,
  });
  watching = invariants;

  const recordedCalls: RecordedCall[] = [];
  const events: Event[] = [];
  const onEvent = (event: Event) => {
    events.push(event);
    // With the true time: the runner's clock may be wrong.
    invariants.onEvent({ ...event, at: clock.now() });
  };
  const concurrentRuns = new ConcurrentRunDetector();
  const runnerOf = (isFirstJob: boolean, who = 'a later run'): Runner => {
    const dies = (runner: Runner, when: Kill['when']) =>
      isFirstJob && kill !== null && kill.when === when && runner.calls === kill.call;
    return createRunner({
      aws,
      faults: isFirstJob ? conditions.cutOff(secondRun?.cutOff ?? null) : conditions.faults,
      random: chance.random,
      seam: trial.seam,
      clockError: trial.clockError,
      ...(isFirstJob && { answer }),
      calling(call, runner) {
        if (isFirstJob) recordedCalls.push(recordedCallOf(call, runner, clock, events.length));
        invariants.calling(call);
        if (dies(runner, 'before')) runner.kill();
      },
      called(call, _, runner) {
        invariants.called(call);
        const conflict = concurrentRuns.acted(who, call);
        if (conflict !== null && !isTooStale(trial.faultPlan))
          invariants.break('two runs for one service never act at once', conflict);
        if (dies(runner, 'after')) runner.kill();
      },
    });
  };

  const request = requestOf(trial, image);
  const settings = await until(settingsOf(aws));
  began.at = clock.now();
  conditions.begin();
  startPlatform(aws, clock, trial);
  const job = startJob({ request, runner: runnerOf(true, 'the first'), run: runOf(1), onEvent });
  if (trial.cancelAt !== null) clock.after(trial.cancelAt, () => job.cancel('SIGTERM'));
  if (trial.interference !== null && trial.interference.kind !== 'deploys before') {
    const { interference } = trial;
    clock.after(interference.at, () => void interfere(aws, groundTruth, interference));
  }
  const rivalEnded = secondRun && startRival(secondRun);
  const approving = { over: false };
  if (trial.approvedAfter !== null) {
    void approveAfter(trial.approvedAfter, aws, {
      over: () => approving.over,
      approved: (percent) => invariants.approved(percent),
    });
  }
  await until(Promise.race([job.ended, job.runner.death]), TOO_LONG);
  const took = clock.now() - began.at;
  const finished = finishedOf(job);
  let last = finished;

  async function startRival({ after, release: theirs }: SecondRun): Promise<void> {
    await sleep(clock, after);
    const theirImage = theirs === 'the same' ? image : OTHER_IMAGE;
    const second = startJob({
      request: requestOf(trial, theirImage),
      runner: runnerOf(false, 'the second'),
      run: runOf(2),
      onEvent(event) {
        if (event.kind !== 'finished' || event.outcome !== 'deployed') return;
        const { arms } = groundTruth.look();
        if (!servesOnly(arms, theirImage)) invariants.break('the reported outcome is true', inWords(arms));
      },
    });
    await second.ended;
  }

  const follow = async (next: Job): Promise<Finished | null> => {
    await until(next.ended, TOO_LONG);
    return finishedOf(next);
  };
  if (job.runner.killed && kill?.next === 'reconcile') {
    invariants.nextJob();
    for (const trouble of await until(onSchedule(runnerOf(false)), TOO_LONG)) {
      if (isCalm(trial)) invariants.break('reconcile finishes or undoes what is left', trouble);
    }
  } else if (job.runner.killed && kill !== null && kill.next !== 'nobody') {
    invariants.nextJob();
    const options = { request, runner: runnerOf(false), onEvent };
    last = await follow(
      kill.next === 'post step'
        ? startPostStep({ ...options, run: runOf(1) }, job.events)
        : startJob({ ...options, run: runOf(1, 2) }),
    );
  }
  if (rivalEnded) await until(rivalEnded, TOO_LONG);
  await atRest(groundTruth, clock, trial);
  invariants.atRest(last);
  if (!isScaled(trial)) {
    const now = await until(settingsOf(aws));
    if (!isDeepStrictEqual(now, settings)) {
      const detail = `${JSON.stringify(now)} instead of ${JSON.stringify(settings)}`;
      invariants.break('no release changes where tasks run or how many there are', detail);
    }
  }

  const left = invariants.nothingLeft();
  if (left !== null) {
    if (!mayLeave(trial, kill, last))
      invariants.break('no tags or settings of ecs-ramp are left behind', left);
    // The next run, without faults, cleans up.
    conditions.end();
    invariants.nextJob();
    // The next run has to wait for the lease of a killed run to expire.
    await clock.advance(10 * MINUTE);
    hasRoom = true;
    makeRoom(aws, trial);
    // Changed weights, and an abort, leave traffic on a target group without tasks.
    await correctWeights(aws);
    last = await follow(startJob({ request, runner: runnerOf(false), run: runOf(2), onEvent }));
    await atRest(groundTruth, clock, trial);
    const still = trial.interference?.kind.startsWith('deploys') ? null : invariants.nothingLeft();
    if (still !== null)
      invariants.break(
        'the next run removes what was left behind',
        `${last?.outcome} (${last?.reason}): ${still}`,
      );
  }
  approving.over = true;
  await aws.close();
  return {
    trial,
    kill,
    finished,
    lastFinished: last,
    events,
    violations: invariants.broken,
    calls: trial.seam === 'sdk' ? aws.wire.calls.length : job.runner.calls,
    took,
    recordedCalls,
  };
}

/** Reports the operations to the invariants when calls come over the wire. */
function watched({ name, operations }: Service, watching: () => Invariants | null): Service {
  return {
    name,
    operations: Object.fromEntries(
      Object.entries(operations).map(([operation, run]) => [
        operation,
        async (input, caller) => {
          const call = { service: name, operation, input };
          watching()?.calling(call);
          const output: unknown = await run(input, caller);
          watching()?.called(call);
          return output;
        },
      ]),
    ),
  };
}

/** Whether there are no faults and no interference. */
export function isCalm({ faultPlan, metrics, interference, secondRun, platform, aws }: Trial): boolean {
  return (
    faultPlan.noise === 0 &&
    faultPlan.outage === null &&
    faultPlan.unreadable === null &&
    faultPlan.expired === null &&
    faultPlan.stale === 0 &&
    !faultPlan.laggingWeight &&
    metrics.partial === 0 &&
    metrics.missing === 'none' &&
    interference === null &&
    secondRun === null &&
    platform === null &&
    aws.noPlace === null
  );
}

/** Whether nothing but the platform can make this release fail. */
function isBlameless(trial: Trial): boolean {
  const { kind } = trial.release;
  if (trial.platform === null) return false;
  return isCalm({ ...trial, platform: null }) && (kind === 'good' || kind === 'the same again');
}

const isScaled = ({ interference, platform }: Trial): boolean =>
  (interference?.kind.startsWith('scales') ?? false) || platform?.scaling != null;

/** Whether the trial may end with tags or settings of ecs-ramp, which the next run removes. */
function mayLeave(trial: Trial, kill: Kill | null, finished: Finished | null): boolean {
  const { faultPlan, rollout, interference, secondRun, platform, aws } = trial;
  if (kill !== null && kill.next === 'nobody') return true;
  if (
    faultPlan.expired !== null ||
    faultPlan.outage !== null ||
    faultPlan.unreadable !== null ||
    secondRun?.cutOff
  )
    return true;
  // Without room, a rollback may never end, and ECS may refuse changes until then.
  if (platform?.roomAt === Infinity) return true;
  if (isScaled(trial) && (platform !== null || aws.noPlace?.to === Infinity)) return true;
  // ECS may refuse changes while another deployment is in progress.
  if (interference?.kind === 'deploys' || interference?.kind === 'aborts it') return true;
  return rollout.onCancel === 'leave' && finished?.outcome === 'dirty';
}

function behaviourOf(trial: Trial, { image, behaviour }: Answering, elapsed: Milliseconds): Behaviour {
  const { later, flapsEvery } = trial.release;
  const isNew = image === NEW_IMAGE;
  const changed =
    later !== null && elapsed >= later.from && elapsed < later.to && (isNew || later.both)
      ? { ...behaviour, ...later.behaviour }
      : behaviour;
  if (flapsEvery === null || !isNew) return changed;
  return { ...changed, healthy: elapsed % flapsEvery < flapsEvery / 2 };
}

export function requestOf({ rollout }: Pick<Trial, 'rollout'>, image: string): Request {
  return {
    service: 'web',
    cluster: 'shop',
    image: { kind: 'given', reference: image },
    taskDefinition: taskDefinitionRequest(),
    rollout,
    access: { region: null, role: null, chaining: false },
    source: { commit: null, repositoryUrl: null, committedAt: null, runUrl: null, actor: null },
    dryRun: false,
    eventsFile: '/dev/null',
    summaryFile: '/dev/null',
    recordingFile: '/dev/null',
  };
}

async function letTimePass<T>(
  clock: ReturnType<typeof createVirtualClock>,
  work: Promise<T>,
  limit: Milliseconds = HOUR,
): Promise<T> {
  const state = { settled: false };
  const end = () => void (state.settled = true);
  work.then(end, end);
  const began = clock.now();
  while (!state.settled) {
    await clock.advance(SECOND);
    if (clock.now() - began > limit)
      throw new Error(`It did not end within ${limit / HOUR} hours of simulated time.`);
  }
  return work;
}

/**
 * Waits until no deployment is in progress. ECS does not end a rolling update that finds no place
 * for its tasks, or whose percentages allow no change after somebody has scaled the service. Nor
 * does its circuit breaker end one whose tasks fail after they were healthy, if the job lost its
 * credentials, or was cancelled and left the deployment to ECS.
 */
async function atRest(
  groundTruth: ReturnType<typeof createGroundTruth>,
  clock: ReturnType<typeof createVirtualClock>,
  { interference, faultPlan, rollout, cancelAt }: Trial,
): Promise<void> {
  const began = clock.now();
  for (;;) {
    await clock.advance(30 * SECOND);
    const { inProgress } = groundTruth.look();
    if (inProgress === null) return;
    if (clock.now() - began <= TOO_LONG) continue;
    const isLeft = cancelAt !== null && rollout.onCancel === 'leave';
    const isStuck = interference?.kind === 'scales' || faultPlan.expired !== null || isLeft;
    if (isStuck || groundTruth.imageOf(inProgress) === OTHER_IMAGE) return;
    throw new Error('the deployment never ended');
  }
}

async function configurationOf(aws: SimulatedAws) {
  const ecs = await aws.bystander.ecs();
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }));
  return services![0]!.deploymentConfiguration!;
}

function recordedCallOf(
  { operation }: Call,
  { calls }: Runner,
  clock: Clock,
  eventsBefore: number,
): RecordedCall {
  return { call: calls, operation, at: clock.now(), eventsBefore };
}

function finishedOf({ events }: Job): Finished | null {
  const last = events.at(-1);
  return last?.kind === 'finished' ? last : null;
}
