// The request that the main action reads from INPUT_* variables, without ecs-ramp.yml.
import { mainAction } from '../../src/inputs/actions/main.ts';
import { inputsFromEnvironment } from '../../src/inputs/raw-inputs.ts';
import { requestFor } from '../../src/inputs/assemble.ts';
import { parseInputs } from '../../src/inputs/check.ts';
import type { Request } from '../../src/core/request.ts';

/** Throws InvalidInputs. */
export function requestFrom(surroundings: {
  readonly env: Readonly<Record<string, string>>;
  readonly workspace: string;
}): Request {
  const given = inputsFromEnvironment(surroundings.env, mainAction);
  return requestFor(parseInputs(mainAction, given, surroundings));
}
