import type { Action } from './action.ts';
import type { buildAction } from './actions/build.ts';
import type { deployAction } from './actions/deploy.ts';
import { mainAction } from './actions/main.ts';
import type { rollbackAction } from './actions/rollback.ts';
import { assemble, assembleEach, assembleRollback, buildOf, rolloutOf } from './assemble.ts';
import type { ConfigSettings } from './settings.ts';
import { withConfig } from './configured.ts';
import type { Definitions } from './definition.ts';
import { exceptionInputs, judgeInputs, type KnownInputs, rolloutInputs } from './definitions.ts';
import type { ParsedInputs } from './rule.ts';
import { type RawInputs, inputsFromEnvironment } from './raw-inputs.ts';
import type { BuildRequest, Request, RollbackRequest, RolloutRequest } from '../core/request.ts';
import { readValues } from './values.ts';
import { type InputsContext, parseInputs } from './check.ts';

/**
 * What INPUT_* and GITHUB_* variables ask an action for, as the runner sets them, and ecs-ramp.yml if they name it. Rejects with
 * InvalidInputs with all that is wrong.
 */
export async function readInputs<D extends Definitions>(
  action: Action<D>,
  surroundings: InputsContext,
): Promise<ParsedInputs<D>> {
  const given = await withConfig(action, inputsFromEnvironment(surroundings.env, action), surroundings);
  return parseInputs(action, given, surroundings);
}

/** The request that the main action's inputs make. Rejects with InvalidInputs with all that is wrong. */
export async function readRequest(surroundings: InputsContext): Promise<Request> {
  return assemble(await readInputs(mainAction, surroundings));
}

/** The same, wherever they were written. Throws InvalidInputs. */
export function requestOf(given: RawInputs, surroundings: InputsContext): Request {
  return assemble(parseInputs(mainAction, given, surroundings));
}

/** The request that the same inputs make where an action has others besides. */
export function requestFor(parsed: ParsedInputs<KnownInputs>): Request {
  return assemble(parsed);
}

/** One request for each service that deploy/ is asked for. */
export function deployRequests(parsed: ParsedInputs<typeof deployAction.definitions>): readonly Request[] {
  return assembleEach(parsed);
}

/** What rollback/ is asked for. */
export function rollbackRequest(parsed: ParsedInputs<typeof rollbackAction.definitions>): RollbackRequest {
  return assembleRollback(parsed);
}

/** What build/ is asked for. */
export function buildRequest(parsed: ParsedInputs<typeof buildAction.definitions>): BuildRequest {
  return buildOf(parsed);
}

/** The rollout that settings of ecs-ramp.yml ask for. A setting that is not understood counts as not given: a run refuses it. Pure. */
export function rolloutIn(settings: ConfigSettings): RolloutRequest {
  const texts = new Map([...settings].map(([name, { text }]) => [name, text]));
  // Nothing of it is run here.
  return rolloutOf({
    ...readValues({ ...rolloutInputs, ...judgeInputs, ...exceptionInputs }, { texts }),
    workspace: '',
  });
}
