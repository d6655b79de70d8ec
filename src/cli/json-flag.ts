import type { Options } from './options.ts';

/** Of commands that print for people unless told otherwise. */
export const output = {
  json: { description: 'Print JSON, for programs.' },
} as const satisfies Options;

/** The flag is no input of the action. */
export function withoutFlag(args: readonly string[]): { readonly json: boolean; readonly others: string[] } {
  return { json: args.includes('--json'), others: args.filter((arg) => arg !== '--json') };
}
