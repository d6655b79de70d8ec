import { assemble } from './assemble.ts';
import { type Environment, type Given, givenByEnvironment } from './given.ts';
import { InvalidInputs } from './mistake.ts';
import type { Request } from './request.ts';
import { brokenRules } from './rules.ts';
import { sourceOf } from './source.ts';
import { readValues } from './values.ts';

export type { Environment } from './given.ts';
export { InvalidInputs, type Mistake } from './mistake.ts';
export { secretsOf } from './secrets.ts';

interface Surroundings {
  readonly env: Environment;
  /** Absolute path that relative ones start from. */
  readonly workspace: string;
}

/** The request that INPUT_* and GITHUB_* variables make, as the runner sets them. Throws InvalidInputs with all that is wrong. */
export function readRequest({ env, workspace }: Surroundings): Request {
  return requestOf(givenByEnvironment(env), { env, workspace });
}

/** The request that was given, wherever it was written. Throws InvalidInputs with all that is wrong. */
export function requestOf(given: Given, { env, workspace }: Surroundings): Request {
  const read = readValues(given);
  const facts = { ...read, environment: env, source: sourceOf(env), workspace };
  const mistakes = [...given.mistakes, ...read.mistakes, ...brokenRules(facts)];
  if (mistakes.length > 0) throw new InvalidInputs(mistakes);
  return assemble(facts);
}
