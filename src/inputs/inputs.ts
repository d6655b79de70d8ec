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

/** The request of the main action. Rejects with InvalidInputs with all issues. */
export async function readRequest(surroundings: InputsContext): Promise<Request> {
  return assemble(await readInputs(mainAction, surroundings));
}

/** The request of the main action from inputs that were already read. Throws InvalidInputs. */
export function requestOf(given: RawInputs, surroundings: InputsContext): Request {
  return assemble(parseInputs(mainAction, given, surroundings));
}

/** The request of an action that has the inputs of the main action and others. */
export function requestFor(parsed: ParsedInputs<KnownInputs>): Request {
  return assemble(parsed);
}

/** The requests of deploy/, one for each service. */
export function deployRequests(parsed: ParsedInputs<typeof deployAction.definitions>): readonly Request[] {
  return assembleEach(parsed);
}

/** The request of rollback/. */
export function rollbackRequest(parsed: ParsedInputs<typeof rollbackAction.definitions>): RollbackRequest {
  return assembleRollback(parsed);
}

/** The request of build/. */
export function buildRequest(parsed: ParsedInputs<typeof buildAction.definitions>): BuildRequest {
  return buildOf(parsed);
}

/**
 * The rollout from settings of ecs-ramp.yml. Invalid settings count as not given: a run rejects
 * them. Pure.
 */
export function rolloutIn(settings: ConfigSettings): RolloutRequest {
  const texts = new Map([...settings].map(([name, { text }]) => [name, text]));
  // The workspace is used only to run gate commands, which does not happen here.
  return rolloutOf({
    ...readValues({ ...rolloutInputs, ...judgeInputs, ...exceptionInputs }, { texts }),
    workspace: '',
  });
}
