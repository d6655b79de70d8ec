// A process on a runner. After it was killed, none of its code continues.
import type { Clients } from '../../src/aws/clients.ts';
import { createAwsTime } from '../../src/aws/aws-time.ts';
import { SECOND, sleep, type Clock, type Milliseconds } from '../../src/core/time/clock.ts';
import { createDirectClients, type Call } from '../support/direct-clients.ts';
import type { SimulatedAws } from '../support/simulated-aws.ts';
import type { Faults } from '../../sandbox/faults/faults.ts';

export interface Runner {
  readonly clock: Clock;
  readonly clients: Clients;
  /** Number of calls so far. */
  readonly calls: number;
  readonly killed: boolean;
  /** Resolves when it is killed. */
  readonly death: Promise<void>;
  kill(): void;
}

export interface RunnerOptions {
  readonly aws: SimulatedAws;
  readonly faults: Faults;
  readonly random: () => number;
  readonly seam: 'direct' | 'sdk';
  /** Error of the runner's clock, until answers of AWS correct it. */
  readonly clockError?: Milliseconds;
  /** Called before a call reaches AWS. May kill the process. */
  readonly calling?: (call: Call, runner: Runner) => void;
  /** Called after a call took effect. May kill the process. */
  readonly called?: (call: Call, output: unknown, runner: Runner) => void;
  /** Replaces the answer that the process gets. */
  readonly answer?: (call: Call, output: unknown) => unknown;
}

export function createRunner(options: RunnerOptions): Runner {
  const { aws, faults, random, seam } = options;
  let calls = 0;
  let killed = false;
  const { promise: death, resolve: dead } = Promise.withResolvers<void>();
  const local: Clock = {
    now: () => aws.clock.now() + (options.clockError ?? 0),
    after: (delay, callback) => aws.clock.after(delay, () => void (killed || callback())),
  };
  const { clock, heard } = createAwsTime(local, () => {});
  const runner: Runner = {
    clock,
    clients: seam === 'sdk' ? aws.clients : direct(),
    get calls() {
      return calls;
    },
    get killed() {
      return killed;
    },
    death,
    kill() {
      killed = true;
      dead();
    },
  };

  function direct(): Clients {
    return createDirectClients({
      services: aws.disturbed,
      clock: { now: () => aws.clock.now(), after: (delay, callback) => runner.clock.after(delay, callback) },
      faults,
      random,
      account: '123456789012',
      region: 'eu-west-1',
      async gate(call, perform) {
        calls += 1;
        options.calling?.(call, runner);
        if (killed) return never();
        try {
          const output = await perform();
          // The Date header has whole seconds.
          heard(Math.floor(aws.clock.now() / SECOND) * SECOND);
          options.called?.(call, output, runner);
          return await (killed ? never() : (options.answer?.(call, output) ?? output));
        } catch (error) {
          return killed ? never() : Promise.reject(error);
        }
      },
    });
  }

  return runner;
}

const never = () => new Promise<never>(() => {});

/** A retry strategy for the SDK whose waits are on the virtual clock. */
export function retriesOn(clock: () => Clock, random: () => number, busy: Busy) {
  return {
    mode: 'standard',
    async acquireInitialRetryToken() {
      return tokenOf(0);
    },
    async refreshRetryTokenForRetry(
      token: { getRetryCount(): number },
      { errorType }: { readonly errorType: string },
    ) {
      const tries = token.getRetryCount() + 1;
      if (errorType === 'CLIENT_ERROR' || tries >= 6) throw new Error('no more tries');
      const base = errorType === 'THROTTLING' ? 500 : 100;
      await sleep(clock(), Math.min(20_000, random() * base * 2 ** (tries - 1)));
      busy.begin();
      return tokenOf(tries);
    },
    recordSuccess() {},
  };
}

/** Stops virtual time while the SDK waits a moment of real time before a retry. */
export interface Busy {
  readonly now: boolean;
  begin(): void;
  end(): void;
}

/** Longest wait, in real milliseconds. An aborted call never reports its end. */
const MOMENT = 100;

export function createBusy(): Busy {
  let waiting: number[] = [];
  return {
    get now() {
      if (waiting.length > 0) waiting = waiting.filter((until) => performance.now() < until);
      return waiting.length > 0;
    },
    begin: () => void waiting.push(performance.now() + MOMENT),
    end: () => void waiting.shift(),
  };
}

const tokenOf = (tries: number) => ({ getRetryCount: () => tries, getRetryDelay: () => 0 });
