import type { Environment } from '../core/environment.ts';

/** Removes ecs-ramp's inputs, which include passwords, from the environment of other programs. */
export function withoutInputs(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('INPUT_')));
}
