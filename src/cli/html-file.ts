import { resolve } from 'node:path';
import type { Definitions } from '../inputs/definition.ts';
import type { ParsedInputs } from '../inputs/rule.ts';
import { fileCanBeWritten } from '../inputs/files.ts';
import { path } from '../inputs/types/text.ts';

/** What commands can be asked for besides an action's inputs: where there is no page of a run, a file that can be published. */
export const htmlInputs = {
  html: {
    description:
      'Where the summary is written as one HTML file too, with its charts: nothing in it comes from anywhere else. Default: nowhere.',
    kind: path,
    default: null,
  },
} as const satisfies Definitions;

export const htmlCanBeWritten = fileCanBeWritten('html');

/** Absolute; null: nobody asked for it. */
export function htmlFileOf({ values, workspace }: ParsedInputs<typeof htmlInputs>): string | null {
  return values.html === null ? null : resolve(workspace, values.html);
}
