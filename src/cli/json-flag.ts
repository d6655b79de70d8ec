import type { Options } from './options.ts';

/** The option of commands that print text by default. */
export const jsonOption = {
  json: { description: 'Print JSON instead of text.' },
} as const satisfies Options;

/** Separates the flag, which is not an input of the action, from the other arguments. */
export function withoutJsonFlag(args: readonly string[]): {
  readonly json: boolean;
  readonly others: string[];
} {
  return { json: args.includes('--json'), others: args.filter((arg) => arg !== '--json') };
}
