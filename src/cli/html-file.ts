import { resolve } from 'node:path';
import type { Definitions } from '../inputs/definition.ts';
import type { ParsedInputs } from '../inputs/rule.ts';
import { fileCanBeWritten } from '../inputs/files.ts';
import { path } from '../inputs/types/text.ts';

/**
 * An additional input of commands: an HTML page to publish in a CI that has no page for the summary
 * of a run.
 */
export const htmlInputs = {
  html: {
    description:
      'Path of an HTML file to write, with the summary and its charts. It has no external resources. Default: no HTML file is written.',
    type: path,
    default: null,
  },
} as const satisfies Definitions;

export const htmlCanBeWritten = fileCanBeWritten('html');

/** Absolute path; `null` if no HTML file is requested. */
export function htmlFileOf({ values, workspace }: ParsedInputs<typeof htmlInputs>): string | null {
  return values.html === null ? null : resolve(workspace, values.html);
}
