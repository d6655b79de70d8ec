/**
 * What an observation reads. `everything`: all of it, now. `due`: whatever was not read for its usual
 * time. Otherwise only one of the signals that show a failed task, and metrics that are due.
 */
export type Scope = 'everything' | 'due' | Glance;

export type Glance = 'deployment' | 'targets' | 'tasks' | 'metrics';

export function isGlance(scope: Scope): scope is Glance {
  return scope !== 'everything' && scope !== 'due';
}
