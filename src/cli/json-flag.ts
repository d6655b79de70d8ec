import type { Options } from './options.ts';

/** Of commands that print for people unless told otherwise. */
export const jsonOption = {
  json: { description: 'Print JSON, for programs.' },
} as const satisfies Options;

/** The flag is no input of the action. */
export function withoutJsonFlag(args: readonly string[]): {
  readonly json: boolean;
  readonly others: string[];
} {
  return { json: args.includes('--json'), others: args.filter((arg) => arg !== '--json') };
}
