import type { Action } from './action.ts';
import type { Definitions, InputValues } from './definition.ts';
import { withConfig, withSettings } from './configured.ts';
import type { ParsedInputs } from './rule.ts';
import { sourceOf } from './source.ts';
import { InvalidInputs } from './issue.ts';
import { readValues } from './values.ts';
import type { Environment } from '../core/environment.ts';
import { type RawInputs, inputsFromEnvironment } from './raw-inputs.ts';

export interface InputsContext {
  readonly env: Environment;
  /** Absolute path that relative paths start from. */
  readonly workspace: string;
}

/**
 * The inputs of an action from the INPUT_* and GITHUB_* variables of the runner, and from
 * ecs-ramp.yml if an input names it. Rejects with InvalidInputs with all issues.
 */
export async function readInputs<D extends Definitions>(
  action: Action<D>,
  surroundings: InputsContext,
): Promise<ParsedInputs<D>> {
  const given = await withConfig(action, inputsFromEnvironment(surroundings.env, action), surroundings);
  return parseInputs(action, given, surroundings);
}

/** Parses and validates the inputs of an action. Throws InvalidInputs with all issues. */
export function parseInputs<D extends Definitions>(
  { definitions, rules }: Pick<Action<D>, 'definitions' | 'rules'>,
  given: RawInputs,
  { env, workspace }: InputsContext,
): ParsedInputs<D> {
  const { texts, place: placeOf } = withSettings(given, definitions);
  const { issues, ...read } = readValues(definitions, { texts });
  const place = { environment: env, source: sourceOf(env), workspace };
  const broken = rules.flatMap((rule) => [...rule({ ...read, ...place })]);
  const wrong = [...given.issues, ...[...issues, ...broken].map(placeOf)];
  if (wrong.length > 0) throw new InvalidInputs(wrong);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a missing required input is an issue, which was thrown above
  return { values: read.values as InputValues<D>, ...place };
}
