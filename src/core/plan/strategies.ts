/**
 * The strategies, without their code, which is in src/rollout/strategies, one folder each. To add a
 * strategy, add an entry here, its folder, and the line in strategies.ts that the compiler then
 * requires.
 */
export const STRATEGIES = {
  canary: {
    input: 'canary',
    means: 'moves a share of the traffic, judges it, then moves the next share',
    pausesAt: ['PRE_PRODUCTION_TRAFFIC_SHIFT'],
  },
  workers: {
    input: 'canary',
    means: null,
    // The user may have a hook with this stage alone. The second stage distinguishes the hook of
    // ecs-ramp from it.
    pausesAt: ['POST_SCALE_UP', 'PRE_PRODUCTION_TRAFFIC_SHIFT'],
  },
  rolling: {
    input: 'rolling',
    means:
      'for a service whose own deployment strategy is ROLLING: ECS replaces its tasks in batches as the service is configured, and ecs-ramp only watches; there is no canary, so steps and keep-old have no effect',
    pausesAt: [],
    without: {
      inputs: ['gates', 'smoke-test'],
      because: 'ECS replaces the tasks without a pause, and the new tasks get requests at once',
    },
  },
  'blue-green': {
    input: 'blue-green',
    means:
      'moves all of the traffic at once, after the smoke tests, then judges it for bake-time before ECS may remove the old revision; steps has no effect',
    // Before and after the shift. No answer means a rollback at both.
    pausesAt: ['PRE_PRODUCTION_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'],
  },
} as const satisfies Readonly<Record<string, StrategyEntry>>;

interface StrategyEntry {
  /** The value of the input `strategy` that selects it. */
  readonly input: string;
  /**
   * The meaning of that value, for the description of the input; `null` when the entry of another
   * strategy with the same value has it.
   */
  readonly means: string | null;
  /**
   * Lifecycle stages at which ECS pauses for this strategy. A pause has no name: its stages
   * identify its strategy.
   */
  readonly pausesAt: readonly string[];
  /** Inputs that have no effect with this strategy, and the reason as a clause. Optional. */
  readonly without?: { readonly inputs: readonly string[]; readonly because: string };
}

export type StrategyName = keyof typeof STRATEGIES;

/** The allowed values of the input `strategy`. */
export type StrategyInput = (typeof STRATEGIES)[StrategyName]['input'];

/** The entries that the description of the input `strategy` lists. */
export const CHOICES: readonly (StrategyEntry & { readonly input: StrategyInput })[] = Object.values(
  STRATEGIES,
).filter(({ means }) => means !== null);
