import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { blocksOf, isWorkflow } from '../../../script/page-blocks.ts';

/** Members of a step that add to those on the page or replace them. */
interface StepChanges {
  readonly with?: Readonly<Record<string, unknown>>;
  readonly id?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Step extends StepChanges {
  readonly uses?: string;
}

/** The only workflow on a page. `changes` are changes of steps, by `uses` without `@REF`. */
export async function workflowOf(
  page: string,
  changes: Readonly<Record<string, StepChanges>> = {},
): Promise<string> {
  const path = join(import.meta.dirname, '../../..', page);
  const [text, ...others] = blocksOf(await readFile(path, 'utf8'), 'yaml').filter(isWorkflow);
  if (text === undefined || others.length > 0) throw new Error(`${page} does not have exactly one workflow`);
  const workflow: { readonly jobs: Readonly<Record<string, { steps: readonly Step[] }>> } = parse(text);
  const unused = new Set(Object.keys(changes));
  for (const job of Object.values(workflow.jobs)) {
    job.steps = job.steps.map((step) => {
      const action = step.uses?.split('@')[0] ?? '';
      unused.delete(action);
      const more = changes[action];
      return more === undefined ? step : { ...step, ...more, with: { ...step.with, ...more.with } };
    });
  }
  if (unused.size > 0) throw new Error(`the workflow of ${page} does not use ${[...unused].join(', ')}`);
  return stringify(workflow);
}
