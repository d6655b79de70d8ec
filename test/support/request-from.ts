// The request that the main action reads from INPUT_* variables, without ecs-ramp.yml.
import { mainAction } from '../../src/inputs/actions/main.ts';
import { inputsFromEnvironment } from '../../src/inputs/raw-inputs.ts';
import { requestFor } from '../../src/inputs/assemble.ts';
import { parseInputs } from '../../src/inputs/check.ts';
import { secretsOf } from '../../src/inputs/secrets.ts';
import type { Request } from '../../src/core/request.ts';

interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly workspace: string;
}

/** Throws InvalidInputs. */
export function requestFrom(surroundings: Surroundings): Request {
  return requestFor(parsed(surroundings));
}

/** What the action masks. Throws InvalidInputs. */
export function secretsFrom(surroundings: Surroundings): readonly string[] {
  return secretsOf(parsed(surroundings));
}

function parsed(surroundings: Surroundings) {
  return parseInputs(mainAction, inputsFromEnvironment(surroundings.env, mainAction), surroundings);
}
