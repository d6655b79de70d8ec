/** Inputs of a rollout in seconds: the sandbox's metrics are finer than CloudWatch's. */
export const QUICK = {
  'metric-period': '5s',
  'metric-delay': '5s',
  'warm-up': '5s',
  'bake-time': '5s',
  'step-timeout': '2m',
  'start-timeout': '1m',
  'keep-old': '0m',
} as const;
