// The results of many trials as a table.
import { errorText } from '../../src/core/failure.ts';
import type { Kill, TrialResult } from './run-trial.ts';
import type { Trial } from './trial.ts';

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
      again: seedAgain(trial),
    })),
    calls,
    minutes: took / 60_000,
  };
}

/** A trial that ended with an error of the simulation itself. */
export function failedOutcomeOf(kind: string, again: string, error: unknown): TrialOutcome {
  const violation = { invariant: TRIAL_ENDS, detail: errorText(error), again };
  return { kind, outcome: 'not finished', violations: [violation], calls: 0, minutes: 0 };
}

export const TRIAL_ENDS = 'the simulation runs to its end';

/** The options that repeat a random trial. */
export const seedAgain = ({ seed, seam, secondRun, platform, rollout }: Trial): string =>
  `--seed ${seed} --story${seam === 'sdk' ? ' --sdk 1' : ''}${secondRun ? ' --rivals 1' : ''}${rollout.strategy === 'rolling' ? ' --rolling 1' : ''}${platform ? ' --platform 1' : ''}`;

/** The options that repeat a scenario, killed at one place. */
export const killAgain = (name: string, kill: Kill | null): string =>
  `--scenario ${name}${kill === null ? '' : ` --kill ${kill.when}:${kill.call}:${kill.next.replace(' ', '-')}`} --story`;

export function crashOutcomeOf(
  name: string,
  result: TrialResult & { readonly kill: Kill | null },
): TrialOutcome {
  const { kill, lastFinished } = result;
  const again = killAgain(name, kill);
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
