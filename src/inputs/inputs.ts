import type { Action } from './action.ts';
import type { build } from './actions/build.ts';
import type { deploy } from './actions/deploy.ts';
import { main } from './actions/main.ts';
import type { rollback } from './actions/rollback.ts';
import { assemble, assembleEach, assembleRollback, buildOf, rolloutOf } from './assemble.ts';
import type { Settings } from './config/written.ts';
import { configured, withSettings } from './configured.ts';
import type { Definitions, Values } from './definition.ts';
import { exceptions, judging, type KnownInputs, rollout } from './definitions.ts';
import type { Asked } from './rule.ts';
import { type Environment, type Given, givenByEnvironment } from './raw-inputs.ts';
import { InvalidInputs } from './issue.ts';
import type { BuildRequest, Request, RollbackRequest, RolloutRequest } from '../core/request.ts';
import { sourceOf } from './source.ts';
import { readValues } from './values.ts';

export type { Action } from './action.ts';
export type { Asked } from './rule.ts';
export { accessOf, tellingOf } from './assemble.ts';
export { configured } from './configured.ts';
export { type Environment, givenByEnvironment } from './raw-inputs.ts';
export { InvalidInputs, type Mistake } from './issue.ts';
export { secretsOf } from './secrets.ts';
export { type Charge, type Round, roundsOf } from './maintenance.ts';

interface Surroundings {
  readonly env: Environment;
  /** Absolute path that relative ones start from. */
  readonly workspace: string;
}

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

/** What an action is asked for, wherever that was written. Throws InvalidInputs with all that is wrong. */
export function askedOf<D extends Definitions>(
  { definitions, rules }: Pick<Action<D>, 'definitions' | 'rules'>,
  given: Given,
  { env, workspace }: Surroundings,
): Asked<D> {
  const { texts, place: placeOf } = withSettings(given, definitions);
  const { mistakes, ...read } = readValues(definitions, { texts });
  const place = { environment: env, source: sourceOf(env), workspace };
  const broken = rules.flatMap((rule) => [...rule({ ...read, ...place })]);
  const wrong = [...given.mistakes, ...[...mistakes, ...broken].map(placeOf)];
  if (wrong.length > 0) throw new InvalidInputs(wrong);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is required is there: otherwise that was a mistake
  return { values: read.values as Values<D>, ...place };
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
