import { parse } from 'yaml';
import type { Request } from '../../src/inputs/request.ts';
import { readRequest } from '../../src/inputs/inputs.ts';

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly jobs?: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
  /** Of a part of a workflow, as documentation shows it. */
  readonly steps?: readonly Step[];
}

/** The steps of a workflow, or of a part of one, that use this action. */
export function ourSteps(yaml: string): readonly Step[] {
  const workflow: Workflow = parse(yaml);
  const steps = workflow.steps ?? Object.values(workflow.jobs ?? {}).flatMap(({ steps }) => steps);
  return steps.filter(({ uses = '' }) => uses === './' || uses.startsWith('ecs-ramp/ecs-ramp@'));
}

/** What the action makes of such a step: throws InvalidInputs where it would refuse. */
export function requestOfStep(step: Step, workspace: string): Request {
  const inputs = Object.entries(step.with ?? {}).map(([name, value]) => [
    `INPUT_${name.toUpperCase()}`,
    String(value),
  ]);
  const env = { ...Object.fromEntries(inputs), GITHUB_SHA: 'c0ffee', RUNNER_TEMP: '/tmp' };
  return readRequest({ env, workspace });
}
