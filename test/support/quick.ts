// Inputs that make a rollout take seconds. This works because the sandbox's metrics have a finer
// resolution than CloudWatch's.
export const QUICK = {
  'metric-period': '5s',
  'metric-delay': '5s',
  'warm-up': '5s',
  'bake-time': '5s',
  'step-timeout': '2m',
  // Other work on the machine slows one container and not the other. The demo tests latency.
  'latency-margin': '10',
  'start-timeout': '1m',
  'keep-old': '0m',
} as const;
