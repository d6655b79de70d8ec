import { rolloutIn } from '../src/inputs/assemble.ts';
import { MINUTE } from '../src/core/time/clock.ts';
import { expectedSteps } from '../src/rollout/preflight/expected-time.ts';

type Table = (heading: readonly string[], rows: readonly (readonly string[])[]) => string;

const FIRST_STEPS = [5, 10, 20, 25, 50];
const REQUESTS_PER_SECOND = [0.1, 0.5, 1, 2, 3, 5, 10, 50];

/** Minutes until a good release passes its first step with the defaults, by traffic. */
export function quietTable(table: Table): string {
  const plan = rolloutIn(new Map());
  const rows = REQUESTS_PER_SECOND.map((requestsPerSecond) => [
    String(requestsPerSecond),
    ...FIRST_STEPS.map((first) => {
      const [step] = expectedSteps({ ...plan, steps: [first, 100] }, { requestsPerSecond, errorRate: 0 });
      return String(Math.ceil(step!.time / MINUTE));
    }),
  ]);
  return table(['requests/s', ...FIRST_STEPS.map((first) => `${first}%`)], rows);
}
