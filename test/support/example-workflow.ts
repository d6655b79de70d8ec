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

/** A job that has steps, or calls a workflow. */
interface Job {
  readonly steps?: readonly Step[];
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly jobs?: Readonly<Record<string, Job>>;
  /** Of a part of a workflow, as documentation shows it. */
  readonly steps?: readonly Step[];
}

const OURS = /^(?:\.\/|ecs-ramp\/ecs-ramp(?:\/|@))/;

/** The steps of a workflow, or of a part of one, that use an action of this repository. */
export function ourSteps(yaml: string): readonly Step[] {
  return stepsOf(yaml).filter(({ uses = '' }) => OURS.test(uses));
}

/** The ids of the steps that use somebody else's. */
export function othersIds(yaml: string): readonly string[] {
  return stepsOf(yaml).flatMap(({ id, uses = '' }) =>
    id !== undefined && uses !== '' && !OURS.test(uses) ? [id] : [],
  );
}

function stepsOf(yaml: string): readonly Step[] {
  const workflow: Workflow = parse(yaml);
  return workflow.steps ?? Object.values(workflow.jobs ?? {}).flatMap(({ steps = [] }) => steps);
}

/** The jobs that call a workflow of this repository, each with that workflow's file. */
export function ourCalls(yaml: string): readonly (readonly [Job, string])[] {
  const workflow: Workflow = parse(yaml);
  return Object.values(workflow.jobs ?? {}).flatMap((job) => {
    const [, file] = /^ecs-ramp\/ecs-ramp\/(\.github\/workflows\/\S+)@v1$/.exec(job.uses ?? '') ?? [];
    return file === undefined ? [] : [[job, file] as const];
  });
}

/** What GitHub would refuse of a call, in words: inputs and secrets that are not there, permissions that the called jobs lack. */
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

/** The action that such a step uses. Throws where there is none of that name. */
export function actionOf({ uses = '' }: Step): Action {
  const folder = uses.replace(/@.*$/, '').replace(/^(?:\.|ecs-ramp\/ecs-ramp)\/?/, '');
  const used = actions.find((action) => action.folder === folder);
  if (used === undefined) throw new Error(`There is no action ${uses}.`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its rules look at its own inputs only
  return used as Action;
}

/** What the main action makes of such a step: throws InvalidInputs where it would refuse. */
export function requestOfStep(step: Step, workspace: string): Request {
  return requestFrom({ env: environmentOf(step), workspace });
}

/** What its own action reads from such a step: throws InvalidInputs where it would refuse. */
export function inputsOfStep(step: Step, workspace: string): Readonly<Record<string, unknown>> {
  const [action, env] = [actionOf(step), environmentOf(step)];
  const place = { file: 'ecs-ramp.yml', line: 1, column: 1 };
  // What is not given may stand in the file that config names.
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

/** What an earlier step may have put out, or a person given. Secrets, and inputs with a dash in their names, are not. */
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
