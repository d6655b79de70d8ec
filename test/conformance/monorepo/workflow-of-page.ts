import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { blocksOf, isWorkflow } from '../../../script/page-blocks.ts';

/** What a step has besides what the page says, or instead of it: inputs, and anything else of a step. */
interface Besides {
  readonly with?: Readonly<Record<string, unknown>>;
  readonly id?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Step extends Besides {
  readonly uses?: string;
}

/** The only workflow on a page, as its readers copy it. `besides` goes by what a step uses, without its `@REF`. */
export async function workflowOf(
  page: string,
  besides: Readonly<Record<string, Besides>> = {},
): Promise<string> {
  const path = join(import.meta.dirname, '../../..', page);
  const [text, ...others] = blocksOf(await readFile(path, 'utf8'), 'yaml').filter(isWorkflow);
  if (text === undefined || others.length > 0) throw new Error(`${page} has not just one workflow`);
  const workflow: { readonly jobs: Readonly<Record<string, { steps: readonly Step[] }>> } = parse(text);
  const unused = new Set(Object.keys(besides));
  for (const job of Object.values(workflow.jobs)) {
    job.steps = job.steps.map((step) => {
      const action = step.uses?.split('@')[0] ?? '';
      unused.delete(action);
      const more = besides[action];
      return more === undefined ? step : { ...step, ...more, with: { ...step.with, ...more.with } };
    });
  }
  if (unused.size > 0) throw new Error(`the workflow of ${page} does not use ${[...unused].join(', ')}`);
  return stringify(workflow);
}
