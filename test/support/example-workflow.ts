// Reads the steps of example workflows and checks them against this repository's actions.
import { parse } from 'yaml';
import { actions } from '../../src/inputs/actions/actions.ts';
import type { Action } from '../../src/inputs/action.ts';
import { inputsFromEnvironment } from '../../src/inputs/raw-inputs.ts';
import { parseInputs } from '../../src/inputs/check.ts';
import type { Request } from '../../src/core/request.ts';
import { requestFrom } from './request-from.ts';

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** A job with steps, or a job that calls a reusable workflow. */
interface Job {
  readonly steps?: readonly Step[];
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly jobs?: Readonly<Record<string, Job>>;
  /** Documentation often shows only the steps of a workflow. */
  readonly steps?: readonly Step[];
}

const OURS = /^(?:\.\/|ecs-ramp\/ecs-ramp(?:\/|@))/;

/** The steps that use an action of this repository. */
export function ourSteps(yaml: string): readonly Step[] {
  return stepsOf(yaml).filter(({ uses = '' }) => OURS.test(uses));
}

/** The ids of the steps that use other actions. */
export function othersIds(yaml: string): readonly string[] {
  return stepsOf(yaml).flatMap(({ id, uses = '' }) =>
    id !== undefined && uses !== '' && !OURS.test(uses) ? [id] : [],
  );
}

function stepsOf(yaml: string): readonly Step[] {
  const workflow: Workflow = parse(yaml);
  return workflow.steps ?? Object.values(workflow.jobs ?? {}).flatMap(({ steps = [] }) => steps);
}

/** The jobs that call a workflow of this repository, each with the path of that workflow. */
export function ourCalls(yaml: string): readonly (readonly [Job, string])[] {
  const workflow: Workflow = parse(yaml);
  return Object.values(workflow.jobs ?? {}).flatMap((job) => {
    const [, file] = /^ecs-ramp\/ecs-ramp\/(\.github\/workflows\/\S+)@v1$/.exec(job.uses ?? '') ?? [];
    return file === undefined ? [] : [[job, file] as const];
  });
}

/**
 * The reasons why GitHub would reject a call of a reusable workflow: unknown inputs, unknown
 * secrets, missing permissions.
 */
export function refusalsOf(call: Job, called: string): readonly string[] {
  const workflow: Workflow & { readonly on: { readonly workflow_call: Called } } = parse(called);
  const { inputs = {}, secrets = {} } = workflow.on.workflow_call;
  const lacking = Object.values(workflow.jobs ?? {}).flatMap(({ permissions = {} }) =>
    Object.entries(permissions).filter(([scope, access]) => call.permissions?.[scope] !== access),
  );
  return [
    ...Object.keys(call.with ?? {}).flatMap((name) => (name in inputs ? [] : [`no input ${name}`])),
    ...Object.keys(call.secrets ?? {}).flatMap((name) => (name in secrets ? [] : [`no secret ${name}`])),
    ...lacking.map(([scope, access]) => `permissions: ${scope}: ${access} is needed`),
  ];
}

interface Called {
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
}

/** The action of this repository that a step uses. Throws if it does not exist. */
export function actionOf({ uses = '' }: Step): Action {
  const folder = uses.replace(/@.*$/, '').replace(/^(?:\.|ecs-ramp\/ecs-ramp)\/?/, '');
  const used = actions.find((action) => action.folder === folder);
  if (used === undefined) throw new Error(`There is no action ${uses}.`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the rules read only the action's own inputs
  return used as Action;
}

/** The request that the main action reads from a step. Throws InvalidInputs. */
export function requestOfStep(step: Step, workspace: string): Request {
  return requestFrom({ env: environmentOf(step), workspace });
}

/** The input values that the step's action reads. Throws InvalidInputs. */
export function inputsOfStep(step: Step, workspace: string): Readonly<Record<string, unknown>> {
  const [action, env] = [actionOf(step), environmentOf(step)];
  const place = { file: 'ecs-ramp.yml', line: 1, column: 1 };
  // A required input may be in the file that `config` names.
  const settings = step.with?.['config'] ? new Map([['repository', { text: 'shop/web', place }]]) : null;
  const given = { ...inputsFromEnvironment(env, action), ...(settings && { settings }) };
  return parseInputs(action, given, { env, workspace }).values;
}

function environmentOf(step: Step): Readonly<Record<string, string>> {
  const inputs = Object.entries(step.with ?? {}).map(([name, value]) => [
    `INPUT_${name.toUpperCase()}`,
    evaluated(String(value)),
  ]);
  return { ...Object.fromEntries(inputs), GITHUB_SHA: 'c0ffee', RUNNER_TEMP: '/tmp' };
}

/**
 * Replaces expressions by example values. Secrets (except webhooks) and inputs with a dash in
 * their names become empty.
 */
function evaluated(value: string): string {
  const [registry, digest] = ['registry.example.com', `sha256:${'0'.repeat(64)}`];
  return value
    .replaceAll(/\$\{\{ secrets\.\w+_WEBHOOK \}\}/g, 'https://hooks.example.com/0')
    .replaceAll(/\$\{\{ vars\.\w+_ROLE \}\}/g, 'arn:aws:iam::123456789012:role/deploy')
    .replaceAll(/\$\{\{ steps\.\w+\.outputs\.image \}\}/g, `${registry}/shop/web@${digest}`)
    .replaceAll(/\$\{\{ steps\.\w+\.outputs\.registry \}\}/g, registry)
    .replaceAll(/\$\{\{ steps\.\w+\.outputs\.digest \}\}/g, digest)
    .replaceAll(/\$\{\{ (?:matrix|inputs)\.\w+ \}\}/g, 'web')
    .replaceAll(/\$\{\{ (?:inputs|secrets)\.[\w-]+ \}\}/g, '');
}
