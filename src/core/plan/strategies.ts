/**
 * The ways to take a service to a new revision, as far as they are known without their code, which is in src/rollout/strategies, a
 * folder each. To add one: an entry here, its folder, and the line in strategies.ts that the compiler then asks for.
 */
export const STRATEGIES = {
  canary: {
    input: 'canary',
    means: 'a share first, judged, then the next one',
    pausesAt: ['PRE_PRODUCTION_TRAFFIC_SHIFT'],
  },
  workers: {
    input: 'canary',
    means: null,
    // That pause alone could be a person's own; the second stage tells ours from it.
    pausesAt: ['POST_SCALE_UP', 'PRE_PRODUCTION_TRAFFIC_SHIFT'],
  },
  rolling: {
    input: 'rolling',
    means:
      'for a service whose own deployment strategy is ROLLING: ECS replaces its tasks in batches as the service says, and is only watched; there is no canary, so that steps and keep-old have no effect',
    pausesAt: [],
    without: {
      inputs: ['gates', 'smoke-test'],
      because: 'ECS replaces the tasks without a stop, and the new ones get requests at once',
    },
  },
  'blue-green': {
    input: 'blue-green',
    means:
      'all of the traffic at once, after the smoke tests; then judged for bake-time before the old revision may go; steps has no effect',
    // Before the shift, and after it: silence is a rollback at both.
    pausesAt: ['PRE_PRODUCTION_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'],
  },
} as const satisfies Readonly<Record<string, StrategyEntry>>;

interface StrategyEntry {
  /** The value of the input `strategy` that asks for it. */
  readonly input: string;
  /** What that value means, in the input's description; null: it is another strategy's value too, which says it. */
  readonly means: string | null;
  /** Lifecycle stages of ECS at which it has ECS pause. A pause has no name: its stages tell whose it is. */
  readonly pausesAt: readonly string[];
  /** Inputs that nothing would ever wait for, and why; a clause. Absent: none. */
  readonly without?: { readonly inputs: readonly string[]; readonly because: string };
}

export type StrategyName = keyof typeof STRATEGIES;

/** What the input `strategy` may be. */
export type StrategyInput = (typeof STRATEGIES)[StrategyName]['input'];

/** The entries that the input `strategy` chooses from. */
export const CHOICES: readonly (StrategyEntry & { readonly input: StrategyInput })[] = Object.values(
  STRATEGIES,
).filter(({ means }) => means !== null);
