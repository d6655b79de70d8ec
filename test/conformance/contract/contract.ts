import { equal, fail, ok } from 'node:assert/strict';
import { SECOND, sleep } from '../../../src/core/time/clock.ts';
import type { Clock } from '../../../src/core/time/clock.ts';
import type { Aws } from '../aws.ts';

/** What a case is tried against. */
export type Subject = 'sandbox' | 'moto' | 'aws';

/** One thing that AWS does, said once and tried against every subject: calls, and what must come of them. */
export interface ContractCase {
  /** A sentence, after the service's name. */
  readonly name: string;
  /** Fails (AssertionError) where the subject does otherwise. */
  readonly run: (place: Place) => Promise<void>;
  /** Subjects that are known to do otherwise. A difference that is gone is told, and so is another one in its place. */
  readonly differs?: Partial<Readonly<Record<Subject, KnownDifference>>>;
}

export interface KnownDifference {
  /** What it does instead, and how it is known that AWS does not. */
  readonly why: string;
  /** Part of the message with which the case fails there. */
  readonly seen: string;
}

/** Where a case is tried. */
export interface Place extends Aws {
  readonly clock: Clock;
  readonly network: {
    readonly vpc: string;
    /** In two zones at least. */
    readonly subnets: readonly string[];
    readonly securityGroups: readonly string[];
  };
  /** A name that nobody else has: letters, digits and dashes, at most 32. */
  readonly name: (what: string) => string;
  /** A load balancer without listeners on ports that `port` gives; all cases share it. */
  readonly loadBalancer: () => Promise<string>;
  /** A port that nobody else takes. */
  readonly port: () => number;
  /** Undoes what the case made, when it has ended; what was made last is undone first. */
  readonly later: (undo: () => Promise<unknown>) => void;
}

export interface CaseResult {
  readonly name: string;
  readonly outcome: 'holds' | 'fails' | 'differs, as known' | 'differs no more';
  /** Null when it holds. */
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
      : { name, outcome: 'differs no more', detail: known.why };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return known !== null && detail.includes(known.seen)
      ? { name, outcome: 'differs, as known', detail: known.why }
      : { name, outcome: 'fails', detail };
  } finally {
    // What could not be made cannot be removed, and what a failed case leaves is found by its tag.
    for (const undo of undoing.toReversed()) await undo().catch(() => {});
  }
}

/** The call must be refused with this error; null: with any that is the caller's fault. */
export async function refused(code: string | null, call: Promise<unknown>): Promise<void> {
  let answer: unknown;
  try {
    answer = await call;
  } catch (error) {
    ok(error instanceof Error && '$metadata' in error, `no answer of AWS: ${String(error)}`);
    if (code !== null) equal(error.name, code);
    return;
  }
  fail(`expected ${code ?? 'a refusal'}, got ${JSON.stringify(answer)?.slice(0, 300)}`);
}

const PATIENCE = 180 * SECOND;

/** What AWS does in its own time: looks again until it is so. */
export async function eventually(clock: Clock, look: () => Promise<void>): Promise<void> {
  for (const start = clock.now(); ; await sleep(clock, SECOND)) {
    try {
      return await look();
    } catch (error) {
      if (clock.now() - start > PATIENCE) throw error;
    }
  }
}
