import type { Action } from './action.ts';
import type { build } from './actions/build.ts';
import type { deploy } from './actions/deploy.ts';
import { main } from './actions/main.ts';
import type { rollback } from './actions/rollback.ts';
import { assemble, assembleEach, assembleRollback, buildOf, rolloutOf } from './assemble.ts';
import type { Settings } from './settings.ts';
import { configured } from './configured.ts';
import type { Definitions } from './definition.ts';
import { exceptions, judging, type KnownInputs, rollout } from './definitions.ts';
import type { Asked } from './rule.ts';
import { type Given, givenByEnvironment } from './raw-inputs.ts';
import type { BuildRequest, Request, RollbackRequest, RolloutRequest } from '../core/request.ts';
import { readValues } from './values.ts';
import { type Surroundings, askedOf } from './check.ts';

/**
 * What INPUT_* and GITHUB_* variables ask an action for, as the runner sets them, and ecs-ramp.yml if they name it. Rejects with
 * InvalidInputs with all that is wrong.
 */
export async function readInputs<D extends Definitions>(
  action: Action<D>,
  surroundings: Surroundings,
): Promise<Asked<D>> {
  const given = await configured(action, givenByEnvironment(surroundings.env, action), surroundings);
  return askedOf(action, given, surroundings);
}

/** The request that the main action's inputs make. Rejects with InvalidInputs with all that is wrong. */
export async function readRequest(surroundings: Surroundings): Promise<Request> {
  return assemble(await readInputs(main, surroundings));
}

/** The same, wherever they were written. Throws InvalidInputs. */
export function requestOf(given: Given, surroundings: Surroundings): Request {
  return assemble(askedOf(main, given, surroundings));
}

/** The request that the same inputs make where an action has others besides. */
export function requestFor(asked: Asked<KnownInputs>): Request {
  return assemble(asked);
}

/** One request for each service that deploy/ is asked for. */
export function deployRequests(asked: Asked<typeof deploy.definitions>): readonly Request[] {
  return assembleEach(asked);
}

/** What rollback/ is asked for. */
export function rollbackRequest(asked: Asked<typeof rollback.definitions>): RollbackRequest {
  return assembleRollback(asked);
}

/** What build/ is asked for. */
export function buildRequest(asked: Asked<typeof build.definitions>): BuildRequest {
  return buildOf(asked);
}

/** The rollout that settings of ecs-ramp.yml ask for. A setting that is not understood counts as not given: a run refuses it. Pure. */
export function rolloutIn(settings: Settings): RolloutRequest {
  const texts = new Map([...settings].map(([name, { text }]) => [name, text]));
  // Nothing of it is run here.
  return rolloutOf({ ...readValues({ ...rollout, ...judging, ...exceptions }, { texts }), workspace: '' });
}
