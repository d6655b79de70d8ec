import { equal, fail, ok } from 'node:assert/strict';
import { SECOND, sleep } from '../../../src/core/time/clock.ts';
import type { Clock } from '../../../src/core/time/clock.ts';
import type { Aws } from '../aws.ts';

/** What a case runs against. */
export type Subject = 'sandbox' | 'moto' | 'aws';

/** A statement about AWS: calls and their expected results. Runs against every subject. */
export interface ContractCase {
  /** The service's name and a sentence. */
  readonly name: string;
  /** Throws AssertionError if the subject behaves differently. */
  readonly run: (place: Place) => Promise<void>;
  /** Subjects with known differences. A difference that is gone or has changed is reported. */
  readonly differs?: Partial<Readonly<Record<Subject, KnownDifference>>>;
}

export interface KnownDifference {
  /** What the subject does, and how we know that AWS does not. */
  readonly why: string;
  /** Part of the case's error message for this subject. */
  readonly seen: string;
}

/** Where a case runs. */
export interface Place extends Aws {
  readonly clock: Clock;
  readonly network: {
    readonly vpc: string;
    /** In at least two zones. */
    readonly subnets: readonly string[];
    readonly securityGroups: readonly string[];
  };
  /** A unique name: letters, digits and dashes, at most 32 characters. */
  readonly name: (what: string) => string;
  /** A load balancer for all cases. Its listeners do not use the ports of `port`. */
  readonly loadBalancer: () => Promise<string>;
  /** A port that no other case uses. */
  readonly port: () => number;
  /** Registers a clean-up for the end of the case. The last one runs first. */
  readonly later: (undo: () => Promise<unknown>) => void;
}

export interface CaseResult {
  readonly name: string;
  readonly outcome: 'holds' | 'fails' | 'known difference' | 'no longer differs';
  /** `null` if the case holds. */
  readonly detail: string | null;
}

export async function tryCase(
  { name, run, differs }: ContractCase,
  subject: Subject,
  place: Omit<Place, 'later'>,
): Promise<CaseResult> {
  const undoing: (() => Promise<unknown>)[] = [];
  const known = differs?.[subject] ?? null;
  try {
    await run({ ...place, later: (undo) => undoing.push(undo) });
    return known === null
      ? { name, outcome: 'holds', detail: null }
      : { name, outcome: 'no longer differs', detail: known.why };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return known !== null && detail.includes(known.seen)
      ? { name, outcome: 'known difference', detail: known.why }
      : { name, outcome: 'fails', detail };
  } finally {
    // Ignores errors: a failed case may not have created everything. Tags help to find the rest.
    for (const undo of undoing.toReversed()) await undo().catch(() => {});
  }
}

/** The call must fail with this error; `null`: with any error of AWS. */
export async function refused(code: string | null, call: Promise<unknown>): Promise<void> {
  let answer: unknown;
  try {
    answer = await call;
  } catch (error) {
    ok(error instanceof Error && '$metadata' in error, `not an answer of AWS: ${String(error)}`);
    if (code !== null) equal(error.name, code);
    return;
  }
  fail(`expected ${code ?? 'a refusal'}, got ${JSON.stringify(answer)?.slice(0, 300)}`);
}

const PATIENCE = 180 * SECOND;

/** Repeats `look` until it does not throw, because AWS is eventually consistent. */
export async function eventually(clock: Clock, look: () => Promise<void>): Promise<void> {
  for (const start = clock.now(); ; await sleep(clock, SECOND)) {
    try {
      return await look();
    } catch (error) {
      if (clock.now() - start > PATIENCE) throw error;
    }
  }
}
