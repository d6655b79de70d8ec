/**
 * Response times as multiples of the median: log-normal, rounded to steps of 8%, so that the
 * answers of a second are a few values with counts.
 */
const SIGMA = 0.4;
const STEP = 0.2;
const REACH = 13;

const steps = Array.from({ length: 2 * REACH + 1 }, (_, index) => (index - REACH) * STEP);
const density = steps.map((z) => Math.exp((-z * z) / 2));
const total = density.reduce((sum, part) => sum + part, 0);

export const LATENCIES: readonly { readonly factor: number; readonly share: number }[] = steps.map(
  (z, index) => ({
    factor: Math.exp(SIGMA * z),
    share: density[index]! / total,
  }),
);

export const LATENCY_SHARES: readonly number[] = LATENCIES.map(({ share }) => share);
