import { createHash } from 'node:crypto';
import { kindOf, mayPass } from '../aws/refusals.ts';
import type { GateWatch } from '../gates/gates.ts';
import type { Health, HealthReader } from '../health/health.ts';
import { sickness } from '../health/sickness.ts';
import type { RolloutRequest } from '../inputs/request.ts';
import { MINUTE, SECOND, sleep, type Clock, type Milliseconds } from '../time/clock.ts';
import { stretchedBy } from '../time/seldom.ts';
import {
  ENDED,
  isNews,
  StartUnseen,
  type Phase,
  type Question,
  type Started,
  type Traffic,
  type TrafficMover,
} from '../traffic/traffic.ts';
import type { Diagnosed, Happening, RollbackAsked, SmokeTested, StoppedTask } from '../trail/event.ts';
import { decide } from './decide.ts';
import type { Decision, Observation, SmokeResult } from './decision.ts';
import type { EvidenceReader } from './evidence.ts';
import { longestAt, type GateState } from '../ladder/gates.ts';
import { isWantedStep } from '../ladder/ladder.ts';
import { sideBySide } from '../ladder/side-by-side.ts';
import { leftAlone } from './left-alone.ts';
import { neverSilent } from './never-silent.ts';
import { createPatience, type Patience } from './patience.ts';

/** What a rollout needs of the world. */
export interface RolloutPorts {
  readonly clock: Clock;
  readonly mover: TrafficMover;
  readonly tell: (happening: Happening) => void;
  readHealth(started: Started): HealthReader;
  readEvidence(started: Started): Promise<EvidenceReader>;
  /** The user's alarms that fired since the rollout began, in words; null: none. `anew`: as of now, else of some seconds ago. */
  readonly readAlarms: (started: Started) => (anew: boolean) => Promise<string | null>;
  /** What else is waited for at the steps. */
  watchGates(started: Started): GateWatch;
  /** All smoke tests in turn, until one fails. */
  smokeTest(): Promise<readonly SmokeTested[]>;
  diagnose(started: Started, stoppedTasks: readonly StoppedTask[]): Promise<Diagnosed>;
  /** Aborted when the job is cancelled; its reason is the signal's name, or the mistake of our own that nobody expected. */
  readonly cancelled: AbortSignal;
  /** The rollout is undone from outside: all that is left is to see it through. Absent: it is not. */
  readonly undoing?: { readonly at: number; readonly reason: string };
  /** When the credentials stop working; null: nobody knows, or they never do. */
  readonly credentialsUntil: number | null;
  /** How long a rollback may take before a person is needed; it includes ECS's draining. */
  readonly rollbackPatience: Milliseconds;
}

export interface RolloutResult {
  readonly outcome: 'deployed' | 'rolled-back' | 'dirty';
  readonly reason: string;
  readonly canaryPercent: number | null;
  /** Of what that is a share; absent: of production traffic. */
  readonly of?: 'work';
  readonly oldRevisionUntil: number | null;
}

/** The log is never silent for longer than this. */
const SAY_AGAIN = 25 * SECOND;
/** Without a look at AWS for this long, nobody here knows what is live. */
const BLIND_PATIENCE = 5 * MINUTE;
/** AWS is there and only busy: it answers again, and ECS waits at its pause or goes on without harm. */
const THROTTLED_PATIENCE = 15 * MINUTE;

/**
 * Observe, decide, make at most one idempotent call; until the end is seen. What is kept between two looks is convenience only:
 * a run that takes over in the middle reads the same from AWS.
 */
export async function rollOut(plan: RolloutRequest, ports: RolloutPorts): Promise<RolloutResult> {
  const { tell, end } = neverSilent(ports.clock, ports.tell);
  try {
    return await climb(plan, { ...ports, tell });
  } finally {
    end();
  }
}

async function climb(asked: RolloutRequest, ports: RolloutPorts): Promise<RolloutResult> {
  const { mover, tell } = ports;
  const started = await start(mover);
  if ('outcome' in started) return started;
  const plan = started.canary.group === null ? sideBySide(asked) : asked;
  tell({
    kind: 'rollout-begun',
    serviceDeploymentArn: started.id,
    adopted: started.adopted,
    ...(ports.undoing && { undone: true }),
    steps: plan.steps,
    hookTimeout: started.patience,
    canaryTargetGroup: started.canary.group?.targetGroupArn ?? null,
    stableTargetGroup: started.stable.group?.targetGroupArn ?? null,
  });
  const run = new Run(plan, ports, started);
  try {
    return await follow(run, plan, ports);
  } finally {
    run.end();
  }
}

async function follow(run: Run, plan: RolloutRequest, { clock }: RolloutPorts): Promise<RolloutResult> {
  let seenAt = clock.now();
  for (;;) {
    let observation: Observation | null = null;
    let next: Decision['do'] | 'unknown' = 'unknown';
    try {
      observation = await run.observe();
      seenAt = clock.now();
      let decision = decide(observation, plan);
      if (LEADS_ON.has(decision.do) && !run.sawClosely) {
        observation = await run.observe(true);
        decision = decide(observation, plan);
      }
      next = decision.do;
      const result = await run.act(observation, decision);
      if (result !== null) return result;
    } catch (error) {
      run.noteLostSession(error);
      const patience = kindOf(error) === 'throttled' ? THROTTLED_PATIENCE : BLIND_PATIENCE;
      run.say(`AWS to answer again: ${told(error)}`, seenAt + patience, 'this job says `dirty`');
      // Where the look succeeded, only the nearer one or the act did not: ECS waits at its pause meanwhile.
      if (observation === null) {
        const unseenFor = clock.now() - seenAt;
        if (unseenFor > patience || (!mayPass(error) && unseenFor > MINUTE)) {
          return await run.blind(error);
        }
        await run.actUnseen();
      }
    }
    await sleep(clock, run.pace(next, observation?.traffic.phase), run.wakeUp);
  }
}

async function start(mover: TrafficMover): Promise<Started | RolloutResult> {
  try {
    return await mover.start();
  } catch (error) {
    if (!(error instanceof StartUnseen)) throw error;
    return { outcome: 'dirty', reason: error.message, canaryPercent: null, oldRevisionUntil: null };
  }
}

/** What these rest on must be so now, not some seconds ago. A rollback never waits for more. */
const LEADS_ON: ReadonlySet<Decision['do']> = new Set(['smoke-test', 'advance', 'finish']);

type Look = Awaited<ReturnType<EvidenceReader['look']>>;

/** What one look has read. */
interface Seen {
  readonly traffic: Traffic;
  readonly health: Health;
  readonly alarm: string | null;
  readonly look: Look;
  readonly gates: readonly GateState[];
}

/** Of an arm whose health could not be read nothing good is believed. */
function unseen({ canary, stable }: Traffic): Health {
  const nothing = { healthyTargets: 0, unhealthyTargets: 0 };
  return {
    arms: { canary: { ...canary, ...nothing }, stable: { ...stable, ...nothing } },
    crashed: { canary: [], stable: [] },
  };
}

/** What the start says of it, before any look. */
function notYetSeen({ id, startedAt, canary }: Started): Traffic {
  const counts = { desired: 0, running: 0 };
  return {
    id,
    startedAt,
    phase: 'starting',
    split: canary.group === null ? 'tasks' : 'requests',
    percent: 0,
    verifiedPercent: null,
    question: null,
    oldRevisionUntil: null,
    stage: 'not seen yet',
    reason: null,
    canary: counts,
    stable: counts,
  };
}

function isAgainst(look: Look): boolean {
  return look?.judged.verdict.verdict === 'rollback';
}

/** Errors of AWS come in words already. */
function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A number from 0 to 1 that is a rollout's own, the same each time. */
function shareOf(id: string): number {
  return createHash('sha256').update(id).digest().readUInt32BE(0) / 2 ** 32;
}

/** What a percentage is a share of, where it is not production traffic. */
function partOf({ split }: Traffic): { readonly of?: 'work' } {
  return split === 'tasks' ? { of: 'work' } : {};
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

/** One run of the loop: its soft memory. */
class Run {
  readonly #plan: RolloutRequest;
  readonly #ports: RolloutPorts;
  readonly #started: Started;
  readonly #healthReader: HealthReader;
  readonly #alarms: (anew: boolean) => Promise<string | null>;
  readonly #gates: GateWatch;
  #evidence: EvidenceReader | null = null;
  #smoke: SmokeResult;
  #rollback: Observation['rollback'] = null;
  #endedSince: number | null = null;
  #stayToTheEnd = false;
  #stepSince: { percent: number; at: number } | null = null;
  #health: Health | null = null;
  #said: { what: string; at: number; since: number } | null = null;
  #lastTraffic: Traffic | null = null;
  #lastClose: Traffic | null = null;
  #sawClosely = false;
  /** Jobs that began together do not go on asking together. */
  readonly #beat: number;
  /** Nor do they ask as often where AWS cannot answer them all. */
  #stretch = 1;
  #heardCancel = false;
  #toldRollback = false;
  #returnSeen: Phase | null = null;
  #toldLostSession = false;
  /** A judgement that was made in a look whose other reads failed. */
  #untold = false;

  constructor(plan: RolloutRequest, ports: RolloutPorts, started: Started) {
    this.#plan = plan;
    this.#ports = ports;
    this.#started = started;
    this.#smoke = plan.smokeTests.length > 0 ? 'to do' : 'not wanted';
    this.#rollback = ports.undoing ?? null;
    this.#toldRollback = ports.undoing !== undefined;
    this.#beat = 0.9 + 0.2 * shareOf(started.id);
    this.#healthReader = ports.readHealth(started);
    this.#alarms = ports.readAlarms(started);
    this.#gates = ports.watchGates(started);
  }

  /** Nothing is asked any more. */
  end(): void {
    this.#gates.end();
  }

  /** Whether the last look read everything anew. */
  get sawClosely(): boolean {
    return this.#sawClosely;
  }

  /** A cancelled job must not sleep on; once that was heard, the pace is the usual one. */
  get wakeUp(): AbortSignal | undefined {
    return this.#heardCancel ? undefined : this.#ports.cancelled;
  }

  /** One look. Where there is something new to decide it is a close one anyway. */
  async observe(closely = false): Promise<Observation> {
    // Before anything is read: a look that fails has heard it too, and the next one waits its turn.
    this.#heardCancel = this.#ports.cancelled.aborted;
    const patience = createPatience(this.#ports.clock);
    const hurry = () => {
      if (this.#isToUndo()) patience.hurry();
    };
    this.#ports.cancelled.addEventListener('abort', hurry);
    hurry();
    try {
      return await this.#observe(closely, patience);
    } finally {
      this.#ports.cancelled.removeEventListener('abort', hurry);
      patience.end();
    }
  }

  async #observe(closely: boolean, patience: Patience): Promise<Observation> {
    const { clock, mover } = this.#ports;
    const asked = clock.now();
    const traffic = await patience.until(mover.observe(closely)).finally(() => {
      this.#stretch = stretchedBy(clock.now() - asked, this.#stretch);
    });
    if (traffic === null) throw new Error(`ECS does not show the service deployment ${this.#started.id}`);
    this.#lastTraffic = traffic;
    this.#evidence ??= await this.#ports.readEvidence(this.#started);
    this.#noteStep(traffic);
    const isClose = closely || isNews(this.#lastClose, traffic) || ENDED.has(traffic.phase);
    const [health, alarm, look, gates] = await this.#look(traffic, isClose, patience);
    this.#sawClosely = isClose;
    if (isClose) this.#lastClose = traffic;
    this.#health = health;
    this.#tellLook(look, traffic, health);
    if (this.#rollback === null) await patience.until(this.#noteReturn(traffic));
    if (ENDED.has(traffic.phase)) this.#endedSince ??= clock.now();
    return this.#observation({ traffic, health, alarm, look, gates });
  }

  #observation({ traffic, health, alarm, look, gates }: Seen): Observation {
    return {
      now: this.#ports.clock.now(),
      traffic,
      health: health.arms,
      sickness: sickness(health, traffic.percent, traffic.split),
      alarm,
      verdict: look?.judged.verdict ?? null,
      measured: look?.judged.recording.minutes.some(({ canary }) => canary !== undefined) ?? false,
      crashes: health.crashed.canary.length,
      smoke: this.#smoke,
      gates,
      credentialsUntil: this.#ports.credentialsUntil,
      ...this.#interruption(),
      rollback: this.#rollback,
      takenBy: this.#ports.mover.takenBy(),
      endedSince: this.#endedSince,
      stayToTheEnd: this.#stayToTheEnd,
      rollbackPatience: this.#ports.rollbackPatience,
    };
  }

  #tellLook(look: Look, traffic: Traffic, health: Health): void {
    // A worker without metrics is judged by its tasks alone.
    if (traffic.split === 'tasks' && this.#plan.metrics.length === 0) return;
    // After the decision to undo there is nothing left to judge.
    if (!look || !(look.isNew || this.#untold) || this.#rollback !== null) return;
    this.#untold = false;
    const { verdict, recording, origin, thresholds, asked } = look.judged;
    this.#ports.tell({
      kind: 'looked',
      percent: recording.steps.at(-1)?.percent ?? traffic.percent,
      verdict: verdict.verdict,
      because: verdict.because,
      period: recording.period,
      origin,
      minutes: recording.minutes,
      evidence: verdict.evidence,
      health: health.arms,
      steps: recording.steps,
      metricsAsked: asked,
      ...(recording.settings && { settings: recording.settings }),
      ...(thresholds && { thresholds }),
      ...(recording.counted && { counted: recording.counted }),
    });
  }

  /** Somebody asked to stop, and nothing was done about it yet. */
  #isToUndo(): boolean {
    const { aborted, reason } = this.#ports.cancelled;
    const isWanted = this.#plan.onCancel === 'rollback' || reason instanceof Error;
    const phase = this.#lastTraffic?.phase ?? 'starting';
    return aborted && isWanted && this.#rollback === null && phase !== 'settling' && !ENDED.has(phase);
  }

  /**
   * ECS does not tell where it is. What speaks against the release by itself is heard all the same, and the way back asked for from
   * where the rollout was last seen; that is harmless wherever it is now. Never rejects: the next look is another try.
   */
  async actUnseen(): Promise<void> {
    const before = this.#lastTraffic ?? notYetSeen(this.#started);
    if (before.phase === 'settling' || ENDED.has(before.phase)) return;
    this.#heardCancel = this.#ports.cancelled.aborted;
    const patience = createPatience(this.#ports.clock);
    try {
      const isAsked = this.#rollback !== null || this.#isToUndo();
      const [alarm, look] = isAsked
        ? [null, null]
        : await Promise.all([
            patience.until(this.#alarms(false)).catch(() => null),
            patience
              .until(this.#evidence?.look(this.#ports.clock.now()) ?? Promise.resolve(null))
              .catch(() => null),
          ]);
      // As far as anybody knows it is on its way: of its health, good or bad, nothing is known.
      const percent = Math.max(before.percent, look?.judged.recording.steps.at(-1)?.percent ?? 0);
      const traffic: Traffic = { ...before, phase: 'moving', percent };
      this.#tellLook(look, traffic, this.#health ?? unseen(traffic));
      const seen = { traffic, health: unseen(traffic), alarm, look, gates: [] };
      const decision = decide(this.#observation(seen), this.#plan);
      if (decision.do === 'roll-back') await this.#rollBack(before, decision);
    } catch {
      // Told already that AWS does not answer.
    } finally {
      patience.end();
    }
  }

  /** Who asked to stop, if anybody did. */
  #interruption(): Pick<Observation, 'cancelled' | 'ownMistake'> {
    if (!this.#heardCancel) return { cancelled: null, ownMistake: null };
    const { reason } = this.#ports.cancelled;
    return reason instanceof Error
      ? { cancelled: null, ownMistake: reason.message }
      : { cancelled: String(reason), ownMistake: null };
  }

  /** All reads must succeed, unless one of them asks for the way back: that no error of another, nor its slowness, may mute. */
  async #look(traffic: Traffic, closely: boolean, patience: Patience) {
    const isOver = ENDED.has(traffic.phase) || traffic.phase === 'rolling-back';
    const isAsked = this.#rollback !== null || typeof this.#smoke === 'object' || this.#isToUndo();
    const hurryIf = (isBad: boolean) => {
      if (isBad && !isOver) patience.hurry();
    };
    hurryIf(isAsked);
    const alarms = this.#alarms(closely);
    const evidence = this.#evidence!.look(this.#ports.clock.now());
    alarms.then((fired) => hurryIf(fired !== null)).catch(() => {});
    evidence.then((look) => hurryIf(isAgainst(look))).catch(() => {});
    const reads = await Promise.allSettled([
      patience.until(this.#healthReader.look(traffic, closely)),
      patience.until(alarms),
      patience.until(evidence),
      patience.until(this.#lookAtGates(traffic, closely)),
    ]);
    const [health, alarm, look, gates] = reads;
    const fired = alarm.status === 'fulfilled' ? alarm.value : null;
    const judged = look.status === 'fulfilled' ? look.value : null;
    const isBack =
      isAsked || this.#heardCancel || (this.#rollback === null && (fired !== null || isAgainst(judged)));
    const failed = reads.find((read) => read.status === 'rejected');
    if (failed && (isOver || !isBack)) {
      this.#untold ||= judged?.isNew ?? false;
      throw failed.reason;
    }
    return [
      health.status === 'fulfilled' ? health.value : unseen(traffic),
      fired,
      judged,
      gates.status === 'fulfilled' ? gates.value : [],
    ] as const;
  }

  /** What does not answer the smoke tests is not worth anybody's time. */
  async #lookAtGates(traffic: Traffic, closely: boolean): Promise<readonly GateState[]> {
    const isTested = this.#smoke === 'passed' || this.#smoke === 'not wanted' || traffic.percent > 0;
    if (!isTested || this.#heardCancel || this.#rollback !== null) return [];
    return this.#gates.look(traffic, closely);
  }

  /** It goes back, and not because of us: ECS decided it, or a person who left word. */
  async #noteReturn({ phase, percent, reason, stage }: Traffic): Promise<void> {
    if (phase !== 'rolling-back' && phase !== 'rolled-back') return;
    // Asked once on the way and once at the end: the word may show late.
    const aborted = this.#returnSeen === phase ? null : await this.#gates.aborted();
    this.#returnSeen = phase;
    if (aborted !== null) {
      this.#tellRollback(percent, 'request', aborted);
      this.#rollback = { at: this.#ports.clock.now(), reason: aborted };
    } else if (phase === 'rolling-back') {
      this.#tellRollback(percent, 'ecs', reason ?? stage);
    }
  }

  /** Makes the one call that was decided on. Returns the result at the end. */
  async act(seen: Observation, decision: Decision): Promise<RolloutResult | null> {
    const { tell, clock } = this.#ports;
    switch (decision.do) {
      case 'wait':
        this.say(decision.what, decision.until, decision.otherwise);
        return null;
      case 'smoke-test':
        await this.#smokeTest();
        return null;
      case 'advance':
        if (seen.traffic.percent === 0) this.#evidence?.stepBegan(this.#plan.steps[0]!, clock.now());
        await this.#advance(seen.traffic, decision.question);
        if (decision.because !== null) {
          const took = clock.now() - decision.question.since;
          tell({ kind: 'step-passed', percent: seen.traffic.percent, because: decision.because, took });
        }
        return null;
      case 'roll-back':
        await this.#rollBack(seen.traffic, decision);
        return null;
      case 'finish':
        return this.#finish(seen, decision);
    }
  }

  /** Told when it changes, and again before the log could seem dead. */
  say(what: string, until: number | null, otherwise: string | null): void {
    const { clock, tell } = this.#ports;
    const now = clock.now();
    const topic = what.split(/[:(]/)[0]!;
    const same = this.#said?.what === topic;
    if (same && now - this.#said!.at < SAY_AGAIN) return;
    this.#said = { what: topic, at: now, since: same ? this.#said!.since : now };
    tell({ kind: 'waiting', what, since: this.#said.since, until, otherwise });
  }

  /** Credentials that are no longer accepted are told at once, with what then happens: waiting seldom mends them. */
  noteLostSession(error: unknown): void {
    if (this.#toldLostSession || kindOf(error) !== 'expired') return;
    this.#toldLostSession = true;
    const message = `AWS takes the credentials of this job no longer: it can neither look nor answer. ${leftAlone(this.#lastTraffic, this.#started.patience)}`;
    this.#ports.tell({ kind: 'noticed', level: 'warning', message });
  }

  /** How long until the next look: shorter while ECS is moving, so that the pauses on the way cost little; longer while ECS is slow. */
  pace(next: Decision['do'] | 'unknown', phase: Phase | undefined): Milliseconds {
    const steady = Math.min(5 * SECOND, Math.max(SECOND, this.#plan.judging.metricPeriod / 12));
    const isReturning = this.#ports.undoing !== undefined && this.#lastTraffic?.verifiedPercent !== 0;
    const isMoving = isReturning || phase === 'moving' || next === 'advance' || next === 'smoke-test';
    return (isMoving ? Math.min(steady, 2 * SECOND) : steady) * this.#stretch * this.#beat;
  }

  /** Nothing could be read for too long: a last try to undo, and ECS's own timeout behind it. */
  async blind(why: unknown): Promise<RolloutResult> {
    const traffic = this.#lastTraffic;
    await this.#ports.mover.rollBack(traffic ?? notYetSeen(this.#started)).catch(() => {});
    const last = traffic ? `last seen at ${traffic.percent}% (${traffic.stage})` : 'its start was never seen';
    const asked = this.#rollback ? `A rollback had been asked for: ${this.#rollback.reason}. ` : '';
    return {
      outcome: 'dirty',
      reason: `AWS could not be asked any more: ${told(why)} The rollout was ${last}. ${asked}${leftAlone(traffic, this.#started.patience)}`,
      canaryPercent: null,
      oldRevisionUntil: null,
    };
  }

  #noteStep(traffic: Traffic): void {
    const { percent } = traffic;
    if (percent === 0 || this.#stepSince?.percent === percent || this.#ports.undoing) return;
    if (!isWantedStep(this.#plan.steps, percent)) return;
    if (traffic.split === 'requests' && traffic.verifiedPercent !== percent) return;
    if (traffic.phase !== 'asking' && percent < 100) return;
    const at = traffic.question?.since ?? this.#ports.clock.now();
    if (this.#stepSince === null && this.#started.adopted) {
      // The first steps were another run's: all of them are evidence.
      this.#evidence?.stepBegan(this.#plan.steps[0]!, traffic.startedAt);
    }
    this.#stepSince = { percent, at };
    this.#evidence?.stepBegan(percent, at);
    const deadline = traffic.question ? traffic.question.since + longestAt(this.#plan, percent) : null;
    this.#ports.tell({ kind: 'step-begun', percent, deadline, ...partOf(traffic) });
  }

  async #smokeTest(): Promise<void> {
    this.say('the smoke tests through the test listener', null, null);
    const results = await this.#ports.smokeTest();
    for (const result of results) this.#ports.tell(result);
    const failed = results.find((result) => result.problem !== null);
    this.#smoke = failed ? { problem: `smoke test ${failed.url} ${failed.problem}` } : 'passed';
  }

  async #rollBack(
    traffic: Traffic,
    { cause, reason }: Extract<Decision, { do: 'roll-back' }>,
  ): Promise<void> {
    const { mover, clock } = this.#ports;
    this.#tellRollback(traffic.percent, cause, reason);
    this.end();
    // Remembered before the call: if its answer is lost, the next look asks again.
    this.#rollback ??= { at: clock.now(), reason };
    await mover.rollBack(traffic);
  }

  /** Forbidden to go on, there is only the way back; the wait for ECS's own would leave the users where they are. */
  async #advance(traffic: Traffic, question: Question): Promise<void> {
    try {
      await this.#ports.mover.advance(question);
    } catch (error) {
      if (kindOf(error) !== 'denied') throw error;
      await this.#rollBack(traffic, { do: 'roll-back', cause: 'problem', reason: told(error) });
    }
  }

  #tellRollback(percent: number, cause: RollbackAsked['cause'], reason: string): void {
    if (this.#toldRollback) return;
    this.#toldRollback = true;
    this.#ports.tell({ kind: 'rollback-asked', percent, cause, reason });
  }

  /** A call that gets lost at the very end must not leave our hook on the service. */
  async #settle(): Promise<void> {
    const { clock, mover } = this.#ports;
    const until = clock.now() + MINUTE;
    for (;;) {
      try {
        return await mover.settle();
      } catch (error) {
        if (!mayPass(error) || clock.now() >= until) throw error;
      }
      await sleep(clock, 5 * SECOND);
    }
  }

  async #finish(
    { traffic }: Observation,
    { outcome, reason }: Extract<Decision, { do: 'finish' }>,
  ): Promise<RolloutResult | null> {
    const { mover, tell } = this.#ports;
    try {
      // What is left on the service is the other run's to take away.
      if (mover.takenBy() === null) await this.#settle();
    } catch (error) {
      const message = told(error);
      if (traffic.phase === 'soaking' && !this.#stayToTheEnd) {
        this.#stayToTheEnd = true;
        tell({
          kind: 'noticed',
          level: 'notice',
          message: `${message} Trying again when the old revision is gone.`,
        });
        return null;
      }
      tell({ kind: 'noticed', level: 'warning', message });
    }
    if (outcome !== 'deployed') {
      tell(await this.#ports.diagnose(this.#started, this.#health?.crashed.canary ?? []));
    }
    return {
      outcome,
      reason: sentence(reason),
      canaryPercent:
        traffic.verifiedPercent ?? (outcome === 'deployed' ? 100 : outcome === 'rolled-back' ? 0 : null),
      oldRevisionUntil: outcome === 'deployed' ? traffic.oldRevisionUntil : null,
      ...partOf(traffic),
    };
  }
}
