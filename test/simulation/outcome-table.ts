// The results of many trials as a table.
import type { Kill, TrialResult } from './run-trial.ts';

/** What a worker thread reports of a trial. */
export interface TrialOutcome {
  /** The kind of release or, for a crash, the scenario. */
  readonly kind: string;
  readonly outcome: string;
  readonly violations: readonly {
    readonly invariant: string;
    readonly detail: string;
    readonly again: string;
  }[];
  readonly calls: number;
  readonly minutes: number;
}

export function outcomeOf(result: TrialResult): TrialOutcome {
  const { trial, finished, violations, calls, took } = result;
  return {
    kind: trial.release.kind,
    outcome: finished?.outcome ?? 'killed',
    violations: violations.map(({ invariant, detail }) => ({
      invariant,
      detail,
      again: `--seed ${trial.seed} --story${trial.seam === 'sdk' ? ' --sdk 1' : ''}${trial.secondRun ? ' --rivals 1' : ''}${trial.rollout.strategy === 'rolling' ? ' --rolling 1' : ''}`,
    })),
    calls,
    minutes: took / 60_000,
  };
}

export function crashOutcomeOf(
  name: string,
  result: TrialResult & { readonly kill: Kill | null },
): TrialOutcome {
  const { kill, lastFinished } = result;
  const again =
    kill === null
      ? ''
      : `--scenario ${name} --kill ${kill.when}:${kill.call}:${kill.next.replace(' ', '-')} --story`;
  return {
    ...outcomeOf(result),
    kind: `${name}, then ${kill?.next ?? 'nothing'}`,
    outcome:
      kill?.next === 'nobody' || kill?.next === 'reconcile'
        ? 'not reported'
        : (lastFinished?.outcome ?? 'not reported'),
    violations: result.violations.map(({ invariant, detail }) => ({ invariant, detail, again })),
  };
}

/** Counts trials by kind and outcome, and lists broken invariants with options that repeat them. */
export class Tally {
  readonly #counts = new Map<string, Map<string, number>>();
  readonly #broken = new Map<string, { detail: string; again: string }[]>();
  #most = 0;
  #calls = 0;
  #minutes = 0;
  count = 0;

  add({ kind, outcome, violations, calls, minutes }: TrialOutcome): void {
    this.count += 1;
    const counts = this.#counts.get(kind) ?? new Map<string, number>();
    this.#counts.set(kind, counts.set(outcome, (counts.get(outcome) ?? 0) + 1));
    this.#calls += calls;
    this.#minutes += minutes;
    this.#most = Math.max(this.#most, calls);
    for (const { invariant, ...seen } of violations) {
      this.#broken.set(invariant, [...(this.#broken.get(invariant) ?? []), seen]);
    }
  }

  get broken(): number {
    return [...this.#broken.values()].reduce((sum, seen) => sum + seen.length, 0);
  }

  lines(): string[] {
    const kinds = [...this.#counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return [
      ...kinds.map(([kind, counts]) => {
        const outcomes = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
        return `  ${kind.padEnd(26)} ${outcomes.map(([outcome, count]) => `${count} ${outcome}`).join(', ')}`;
      }),
      `  ${(this.#calls / this.count).toFixed(0)} calls of AWS per rollout, ${this.#most} at most; ${(this.#minutes / this.count).toFixed(1)} minutes each`,
      ...[...this.#broken].flatMap(([invariant, seen]) => [
        `  BROKEN ${seen.length} times: ${invariant}`,
        ...seen.slice(0, 5).map(({ detail, again }) => `    ${again}\n      ${detail}`),
      ]),
    ];
  }
}
